"""Alert rules: made, found, changed and removed here. Whether one is met is decided elsewhere."""

import json
import uuid
from dataclasses import replace
from typing import Any

from footfall.alerts.rule import AlertRule, Condition, Target, parse_condition
from footfall.clock import Clock
from footfall.delivery.address import Rule as AddressRule
from footfall.errors import InvalidInputError, NotFoundError
from footfall.reports.filter_text import parse_filter, render_filter
from footfall.store.records import Record, Records, Transaction

MAX_RULES = 100
"""Rules of one project: all are looked at every minute."""

_ROOM = "alert_rules"


class Alerts:
    """Keeps alert rules. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock, addresses: AddressRule) -> None:
        self._records = records
        self._clock = clock
        self._addresses = addresses

    def create(self, project: int, condition: Condition) -> AlertRule:
        """Make a rule; it is on. Raises InvalidInputError."""
        now_us = self._clock.now_us()
        rule = AlertRule(
            0,
            f"alt-{uuid.uuid4()}",
            project,
            parse_condition(condition, self._addresses),
            is_enabled=True,
            created_at_us=now_us,
            updated_at_us=now_us,
        )
        with self._records.transaction() as t:
            if t.count(_ROOM, {"project": project}) >= MAX_RULES:
                raise InvalidInputError(
                    f"the project has {MAX_RULES} alert rules; remove one before adding another"
                )
            return replace(rule, number=t.add(_ROOM, _record(rule)))

    def list_rules(self, project: int) -> list[AlertRule]:
        """Return a project's rules, oldest first."""
        with self._records.transaction() as t:
            return [_rule(record) for record in t.find(_ROOM, {"project": project})]

    def list_enabled(self) -> list[AlertRule]:
        """Return the rules of all projects that are on."""
        with self._records.transaction() as t:
            return [_rule(record) for record in t.find(_ROOM, {"is_enabled": True}, limit=100_000)]

    def find(self, project: int, rule_id: str) -> AlertRule:
        """Return one rule. Raises NotFoundError."""
        with self._records.transaction() as t:
            return _find(t, project, rule_id)

    def change(self, project: int, rule_id: str, condition: Condition) -> AlertRule:
        """Replace what a rule says. Raises InvalidInputError, NotFoundError."""
        condition = parse_condition(condition, self._addresses)
        with self._records.transaction() as t:
            rule = replace(
                _find(t, project, rule_id),
                condition=condition,
                updated_at_us=self._clock.now_us(),
            )
            values = _record(rule)
            for kept in ("last_triggered_at_us", "last_value", "is_enabled"):
                del values[kept]
            t.change(_ROOM, {"number": rule.number}, values)
            return rule

    def set_enabled(self, project: int, rule_id: str, *, is_enabled: bool) -> AlertRule:
        """Switch a rule on or off. Raises NotFoundError."""
        with self._records.transaction() as t:
            return self._switch(t, _find(t, project, rule_id), is_enabled=is_enabled)

    def toggle(self, project: int, rule_id: str) -> AlertRule:
        """Switch a rule on when it is off, and off when it is on. Raises NotFoundError."""
        with self._records.transaction() as t:
            rule = _find(t, project, rule_id)
            return self._switch(t, rule, is_enabled=not rule.is_enabled)

    def remove(self, project: int, rule_id: str) -> None:
        """Remove a rule. Raises NotFoundError."""
        with self._records.transaction() as t:
            t.remove(_ROOM, {"number": _find(t, project, rule_id).number})

    def _switch(self, transaction: Transaction, rule: AlertRule, *, is_enabled: bool) -> AlertRule:
        changed = replace(rule, is_enabled=is_enabled, updated_at_us=self._clock.now_us())
        values = {"is_enabled": is_enabled, "updated_at_us": changed.updated_at_us}
        transaction.change(_ROOM, {"number": rule.number}, values)
        return changed


def save_trigger(transaction: Transaction, rule: AlertRule, at_us: int, value: float) -> bool:
    """Note that a rule was triggered; False when it changed since it was read, be it by a person
    or by another node that triggered it."""
    seen = {
        "number": rule.number,
        "is_enabled": True,
        "updated_at_us": rule.updated_at_us,
        "last_triggered_at_us": rule.last_triggered_at_us,
    }
    values = {"last_triggered_at_us": at_us, "last_value": value}
    return transaction.change(_ROOM, seen, values) == 1


def _find(transaction: Transaction, project: int, rule_id: str) -> AlertRule:
    full_id = rule_id if rule_id.startswith("alt-") else f"alt-{rule_id}"
    found = transaction.find(_ROOM, {"project": project, "id": full_id})
    if not found:
        raise NotFoundError("Alert", rule_id[:60])
    return _rule(found[0])


def _record(rule: AlertRule) -> dict[str, Any]:
    condition = rule.condition
    targets = [[target.channel, target.address] for target in condition.targets]
    return {
        "id": rule.id,
        "project": rule.project,
        "name": condition.name,
        "module": condition.module,
        "metric": condition.metric,
        "filter": None if condition.filter is None else render_filter(condition.filter),
        "operator": condition.operator,
        "threshold": condition.threshold,
        "window_minutes": condition.window_minutes,
        "cooldown_minutes": condition.cooldown_minutes,
        "channels": json.dumps(targets),
        "is_enabled": rule.is_enabled,
        "created_at_us": rule.created_at_us,
        "updated_at_us": rule.updated_at_us,
        "last_triggered_at_us": rule.last_triggered_at_us,
        "last_value": rule.last_value,
    }


def _rule(record: Record) -> AlertRule:
    condition = Condition(
        record["name"],
        record["module"],
        record["metric"],
        record["operator"],
        record["threshold"],
        record["window_minutes"],
        record["cooldown_minutes"],
        tuple(Target(channel, address) for channel, address in json.loads(record["channels"])),
        None if record["filter"] is None else parse_filter(record["filter"]),
    )
    return AlertRule(
        record["number"],
        record["id"],
        record["project"],
        condition,
        record["is_enabled"],
        record["created_at_us"],
        record["updated_at_us"],
        record["last_triggered_at_us"],
        record["last_value"],
    )
