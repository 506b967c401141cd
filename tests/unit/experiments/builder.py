"""Experiments for tests."""

from typing import Any

from footfall.experiments.experiment import Experiment, Plan, Split, Variant
from footfall.experiments.split import lay_out

NOW = 1_763_700_000_000_000


def make_plan(**given: Any) -> Plan:
    """A plan with two equal variants."""
    values = {"name": "Button", "variants": (Variant("", "blue", 50), Variant("", "green", 50))}
    return Plan(**{**values, **given})


def make_experiment(*weights: float, traffic: float = 100, salt: str = "salt") -> Experiment:
    """A running experiment with variants v0, v1 …"""
    weights = weights or (1, 1)
    return Experiment(
        number=1,
        project=1,
        id="e",
        name="Button",
        description="",
        kind="",
        status="running",
        variants=tuple(Variant(f"v{i}", f"V{i}", w, i == 0) for i, w in enumerate(weights)),
        goal_id="",
        metric="buy",
        target_url="",
        url_match="all",
        salt=salt,
        splits=(Split(NOW, traffic, weights, lay_out(weights)),),
        created_at_us=NOW,
        updated_at_us=NOW,
        started_at_us=NOW,
        ended_at_us=None,
    )
