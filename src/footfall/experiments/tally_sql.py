"""The expressions behind `tally`: exposures, conversions and earlier behaviour become facts about
units, one scan for each; a window over each unit finds its first exposure. No outer join, whose
missing side the engines fill differently."""

from dataclasses import replace
from functools import reduce
from operator import and_

import ibis

from footfall.experiments.experiment import Experiment
from footfall.experiments.exposure import EXPERIMENT_PROPERTY, KIND, VARIANT_PROPERTY
from footfall.experiments.success import Called, Sent, Stayed, Success, Viewed
from footfall.experiments.tally import BEFORE_LIMIT, BEFORE_US, RECENT_US, TallyQuestion, Unit
from footfall.model.time_range import TimeRange
from footfall.reports.condition import match_wildcard
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk

_SEEN, _DONE, _BEFORE = 0, 1, 2
"""Roles of a fact."""

_NEVER_US = (1 << 63) - 1
_ABOVE_ALL = chr(0x10FFFF)
"""Sorts after every id: the least of nothing."""


def make_cells(desk: Desk, question: TallyQuestion, span: TimeRange) -> Relation:
    """Return (variant, period, has converted, revenue, before, units); variant is '' for units
    that saw several."""
    facts = _make_facts(desk, question, span)
    facts = facts.filter(facts.first_us < _NEVER_US)
    counts = facts.is_conversion
    is_before = (
        (facts.role == _BEFORE)
        & (facts.at < facts.first_us - RECENT_US)
        & (facts.at >= facts.first_us - BEFORE_US)
    )
    one = ibis.literal(1, "int64")
    units = facts.group_by("unit").agg(
        variant=(facts.lowest == facts.highest).ifelse(facts.highest, "").max(),
        first_us=facts.first_us.min(),
        conversions=counts.ifelse(one, 0).sum(),
        revenue=counts.ifelse(facts.revenue, 0).sum(),
        before=is_before.ifelse(one, 0).sum(),
    )
    cells = units.select(
        variant=units.variant,
        period=_find_period(units.first_us, question.experiment),
        has_converted=(units.conversions > 0).ifelse(one, 0),
        revenue=desk.words.signed(units.revenue),
        before=ibis.least(desk.words.signed(units.before), BEFORE_LIMIT),
    )
    return cells.group_by(list(cells.columns)).agg(units=cells.count())


def make_loose(desk: Desk, question: TallyQuestion, span: TimeRange) -> Relation:
    """Return (variant, units, revenue) of conversions that name a variant which their unit is not
    known to have seen. Units that saw several are left out here too."""
    facts = _make_facts(desk, question, span)
    is_known = (facts.lowest == facts.highest) & (facts.highest != facts.variant)
    facts = facts.filter(
        facts.role == _DONE,
        facts.variant != "",
        (facts.first_us == _NEVER_US) | is_known,
    )
    return facts.group_by("variant").agg(
        units=desk.words.distinct(facts.unit, None), revenue=facts.revenue.sum()
    )


def _make_facts(desk: Desk, question: TallyQuestion, span: TimeRange) -> Relation:
    seen = _make_seen(desk, question, span)
    parts = [seen]
    if question.success is not None:
        parts.append(_make_done(desk, question, question.success, span))
    if question.has_before and question.unit == "visitor":
        parts.append(_make_before(desk, seen, span))
    facts = parts[0] if len(parts) == 1 else ibis.union(*parts)
    is_seen = facts.role == _SEEN
    facts = facts.mutate(
        first_us=is_seen.ifelse(facts["at"], _NEVER_US).min().over(group_by=facts.unit),
        lowest=is_seen.ifelse(facts.variant, _ABOVE_ALL).min().over(group_by=facts.unit),
        highest=is_seen.ifelse(facts.variant, "").max().over(group_by=facts.unit),
    )
    follows = (facts.variant == "") & (facts["at"] >= facts.first_us)
    return facts.mutate(
        is_conversion=(facts.role == _DONE) & (follows | (facts.variant == facts.highest))
    )


def _make_seen(desk: Desk, question: TallyQuestion, span: TimeRange) -> Relation:
    rows = _within(desk, desk.events(), span)
    rows = rows.filter(rows.kind == KIND, rows.name == question.experiment.id)
    variant = desk.words.property(rows.props, VARIANT_PROPERTY)
    rows = rows.mutate(seen=variant)
    rows = rows.filter(rows.seen.isin([v.id for v in question.experiment.variants]))
    return _select(desk, rows, question.unit, _SEEN, variant=rows.seen)


def _make_done(desk: Desk, question: TallyQuestion, success: Success, span: TimeRange) -> Relation:
    free = replace(desk, scope=replace(desk.scope, filter=None))
    if isinstance(success, Stayed):
        return _make_stays(free, question.unit, success, span)
    rows = _within(free, free.events(), span)
    rows = rows.filter(_is_success(free, rows, success))
    words = free.words
    experiment = question.experiment
    named = words.property(rows.props, VARIANT_PROPERTY)
    is_ours = (words.property(rows.props, EXPERIMENT_PROPERTY) == experiment.id) & named.isin(
        [v.id for v in experiment.variants]
    )
    return _select(
        free,
        rows,
        question.unit,
        _DONE,
        variant=is_ours.ifelse(named, ""),
        revenue=rows.revenue_micros,
    )


def _make_stays(desk: Desk, unit: Unit, success: Stayed, span: TimeRange) -> Relation:
    rows = desk.sessions(touches=True)
    words = desk.words
    end_us = words.epoch_us(rows.end)
    length_us = end_us - words.epoch_us(rows.start)
    rows = rows.filter(
        end_us >= span.start_us,
        end_us < span.end_us,
        length_us >= int(success.seconds * 1_000_000),
        rows.pageviews >= success.pageviews,
    )
    return rows.select(
        unit=rows[unit],
        at=words.epoch_us(rows.end),
        role=ibis.literal(_DONE, "int64"),
        variant=ibis.literal(""),
        revenue=ibis.literal(0, "int64"),
    )


def _make_before(desk: Desk, seen: Relation, span: TimeRange) -> Relation:
    free = replace(desk, scope=replace(desk.scope, filter=None))
    rows = _within(free, free.events(), TimeRange(span.start_us - BEFORE_US, span.end_us))
    rows = rows.filter(rows.interactive == 1)
    return _select(free, rows.filter(rows.visitor.isin(seen.unit)), "visitor", _BEFORE)


def _is_success(desk: Desk, rows: Relation, success: Sent | Called | Viewed) -> Expression:
    if not isinstance(success, Sent):
        if isinstance(success, Viewed):
            holds = [rows.kind == "pageview", match_wildcard(rows.path, success.path)]
        else:
            holds = [rows.kind == "event", match_wildcard(rows.name, success.name)]
            if success.path:
                holds.append(match_wildcard(rows.path, success.path))
        holds += [desk.words.property(rows.props, k) == v for k, v in success.props]
        return reduce(and_, holds)
    is_kind = (rows.kind == success.metric) & (rows.kind != KIND)
    return is_kind | ((rows.kind == "event") & (rows.name == success.metric))


def _within(desk: Desk, rows: Relation, span: TimeRange) -> Relation:
    words = desk.words
    return rows.filter(
        rows.ts >= words.instant(span.start_us), rows.ts < words.instant(span.end_us)
    )


def _select(desk: Desk, rows: Relation, unit: Unit, role: int, **told: Expression) -> Relation:
    if unit == "session":
        rows = rows.filter(rows.session != 0)
    fact = {"variant": ibis.literal(""), "revenue": ibis.literal(0, "int64"), **told}
    return rows.select(
        unit=rows[unit], at=desk.words.epoch_us(rows.ts), role=ibis.literal(role, "int64"), **fact
    )


def _find_period(first_us: Expression, experiment: Experiment) -> Expression:
    later = experiment.splits[1:]
    if not later:
        return ibis.literal(0, "int64")
    branches = [(first_us < split.since_us, index) for index, split in enumerate(later)]
    return ibis.cases(*branches, else_=len(later)).cast("int64")
