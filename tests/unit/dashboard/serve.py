"""Serves the dashboard with made-up figures, to look at it while working on it:
`PYTHONPATH=src .venv/bin/python -m tests.unit.dashboard.serve [port] [first|slow|broken]`."""

import sys

import uvicorn

from footfall.clock import FixedClock
from footfall.errors import UnavailableError
from tests.unit.dashboard.fake_house import NOW_US, FakeHouse, make_app
from tests.unit.dashboard.fake_reports import FakeReports


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    mood = sys.argv[2] if len(sys.argv) > 2 else ""
    reports = FakeReports(NOW_US, level=0 if mood == "first" else 1)
    if mood == "broken":
        words = "The events cannot be read right now; try again in a minute."
        reports.failing = {"": UnavailableError(words), "country": UnavailableError(words)}
    if mood == "slow":
        reports.slow_s = {"": 3, "browser": 4, "country": 2}
    app = make_app(FakeHouse(), reports, FixedClock(NOW_US))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
