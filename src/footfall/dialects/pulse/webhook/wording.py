"""What Pulse's webhooks say: the envelope `{event, project_id, timestamp, data}`, and alarms. The
bytes made here are those that are signed and sent."""

from typing import Any

import msgspec

from footfall.alerts.notice import Alarm, DailySummary, Notice, TrafficSpike, ZeroTraffic
from footfall.alerts.sentence import describe_alarm
from footfall.alerts.unit import render_shown
from footfall.dialects.pulse.alert.metric import render_metric
from footfall.dialects.pulse.render import render_time
from footfall.projects.project import Project

SIGNATURE_HEADER = "X-Pulse-Signature"

TEST_MESSAGE = "This is a test of your webhook."


class PulseWording:
    """Words notices as Pulse does."""

    def render_alarm(self, alarm: Alarm) -> str:
        """Return the body of an alarm. `text` is what chat services show of a message."""
        condition = alarm.rule.condition
        metric = condition.metric
        return _encode(
            {
                "event": "alert",
                "project_id": alarm.project.id,
                "timestamp": render_time(alarm.at_us),
                "alert_id": alarm.rule.id,
                "name": condition.name,
                "metric": render_metric(metric),
                "value": render_shown(metric, alarm.value),
                "threshold": render_shown(metric, condition.threshold),
                "operator": condition.operator,
                "window_minutes": condition.window_minutes,
                "text": f"{condition.name} ({alarm.project.name}): "
                f"{describe_alarm(condition, alarm.value)}",
            }
        )

    def render_notice(self, notice: Notice, project: Project, at_us: int) -> str:
        """Return the envelope of something about a project's traffic."""
        return _render_envelope(notice.event, project, at_us, _render_data(notice))

    def render_test(self, project: Project, at_us: int) -> str:
        """Return the envelope of a trial."""
        return _render_envelope("test", project, at_us, {"message": TEST_MESSAGE})


def _render_envelope(event: str, project: Project, at_us: int, data: dict[str, Any]) -> str:
    return _encode(
        {
            "event": event,
            "project_id": project.id,
            "timestamp": render_time(at_us),
            "data": data,
        }
    )


def _render_data(notice: Notice) -> dict[str, Any]:
    match notice:
        case TrafficSpike(active_visitors, average, days):
            return {
                "active_visitors": active_visitors,
                "rolling_avg": _round(average),
                "spike_multiplier": _round(active_visitors / average),
                "baseline_days": days,
            }
        case ZeroTraffic(minutes, usual):
            return {"minutes_without_pageviews": minutes, "usual_pageviews": _round(usual)}
        case DailySummary(start_us, pageviews, visitors, sessions, bounce_rate, duration_s):
            return {
                "date": render_time(start_us)[:10],
                "pageviews": pageviews,
                "visitors": visitors,
                "sessions": sessions,
                "bounce_rate": _round(100 * (bounce_rate or 0.0)),
                "avg_duration_ms": round(1000 * (duration_s or 0.0)),
            }


def _round(value: float) -> float:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _encode(body: dict[str, Any]) -> str:
    return msgspec.json.encode(body).decode()
