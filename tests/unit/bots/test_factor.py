"""Every factor is documented with the weight it has."""

from pathlib import Path

from footfall.bots.factor import Factor

PAGE = Path(__file__).resolve().parents[3] / "docs/explain/bots.md"


def test_every_factor_stands_in_the_docs() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    for factor in Factor:
        rule = factor.value
        weight = f"{rule.weight}, enough alone" if rule.is_enough else str(rule.weight)
        kind = rule.kind.replace("_", " ")
        assert f"| `{rule.code}` | {kind} | {weight} | {rule.meaning} |" in lines
