"""The form of an alert rule: its fields, what they mean, and what they say in a sentence."""

from dataclasses import dataclass, replace

from footfall.alerts.rule import (
    DEFAULT_COOLDOWN_MINUTES,
    DEFAULT_WINDOW_MINUTES,
    WORDS,
    Condition,
    Target,
)
from footfall.alerts.sentence import describe_condition, describe_minutes
from footfall.alerts.unit import is_rate, parse_shown, render_shown
from footfall.dashboard.sign_in import read_field
from footfall.errors import InvalidInputError
from footfall.reports.catalogue import METRICS, find_metric

MODULES = {"errors": "error_tracking", "events": "events", "sessions": "sessions"}
"""The module that a rule is about; pageviews for every other metric."""

NUMBER_LIMIT = 15
"""Digits of a number in the form."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select."""

    value: str
    title: str


METRIC_CHOICES = tuple(
    Choice(m.name, f"{m.title} (%)" if is_rate(m.name) else m.title) for m in METRICS
)
OPERATOR_CHOICES = tuple(Choice(name, word) for name, word in WORDS.items())

FIRST = Condition("", "pageviews", "pageviews", "gt", 1_000)
"""What the form holds before anything is written."""


@dataclass(frozen=True, slots=True)
class AlertForm:
    """What the form's fields hold, as text."""

    name: str
    metric: str
    operator: str
    threshold: str
    window: str
    cooldown: str
    webhooks: str
    """One address a line."""
    emails: str


def render_form(condition: Condition) -> AlertForm:
    """Return the fields that show a condition."""
    targets = condition.targets
    return AlertForm(
        condition.name,
        condition.metric,
        condition.operator,
        str(render_shown(condition.metric, condition.threshold)),
        str(condition.window_minutes),
        str(condition.cooldown_minutes),
        "\n".join(t.address for t in targets if t.channel == "webhook"),
        "\n".join(t.address for t in targets if t.channel == "email"),
    )


def read_alert_form(fields: dict[str, list[str]]) -> AlertForm:
    """Return what was written."""
    return AlertForm(
        read_field(fields, "name"),
        read_field(fields, "metric"),
        read_field(fields, "operator"),
        read_field(fields, "threshold"),
        read_field(fields, "window", str(DEFAULT_WINDOW_MINUTES)),
        read_field(fields, "cooldown", str(DEFAULT_COOLDOWN_MINUTES)),
        read_field(fields, "webhooks"),
        read_field(fields, "emails"),
    )


def parse_alert_form(form: AlertForm, old: Condition = FIRST) -> Condition:
    """Return the condition that was written; what the form does not show stays as it was.

    Raises InvalidInputError.
    """
    find_metric(form.metric, field="metric")
    if form.operator not in WORDS:
        raise InvalidInputError(
            f"unknown comparison '{form.operator[:20]}'; accepted are {', '.join(WORDS)}"
        )
    module = MODULES.get(form.metric, "pageviews")
    return replace(
        old,
        name=form.name,
        module=old.module if form.metric == old.metric else module,
        metric=form.metric,
        operator=form.operator,
        threshold=parse_shown(form.metric, _parse_number("threshold", form.threshold)),
        window_minutes=int(_parse_number("minutes looked at", form.window)),
        cooldown_minutes=int(_parse_number("minutes of rest", form.cooldown)),
        targets=(
            *(Target("webhook", address) for address in form.webhooks.split()),
            *(Target("email", address) for address in form.emails.split()),
        ),
    )


def describe_alert(condition: Condition) -> str:
    """Return in plain words what a rule does."""
    mails = [t.address for t in condition.targets if t.channel == "email"]
    hooks = len(condition.targets) - len(mails)
    done = [f"mails {', '.join(mails)}"] if mails else []
    if hooks:
        done.append("calls a webhook" if hooks == 1 else f"calls {hooks} webhooks")
    told = " and ".join(done) or "noted here and told to nobody"
    if condition.cooldown_minutes == 0:
        rest = "again every minute while it lasts"
    else:
        rest = f"then keeps quiet for {_describe_span(condition.cooldown_minutes)}"
    return f"{describe_condition(condition)}: {told}, {rest}."


def _describe_span(minutes: int) -> str:
    text = describe_minutes(minutes)
    return text if text[0].isdigit() else f"1 {text}"


def _parse_number(noun: str, text: str) -> float:
    try:
        return float(text.strip().replace(",", ".")[:NUMBER_LIMIT])
    except ValueError:
        raise InvalidInputError(
            f"the {noun} is '{text.strip()[:20]}'; write a number such as 50"
        ) from None
