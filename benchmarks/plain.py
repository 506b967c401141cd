"""`footfall serve` as an installation has it. Litestar loads pydantic where it finds it (9 MB);
only an oracle of the tests brings that along, so it is hidden here."""

import sys

sys.modules["pydantic"] = None  # type: ignore[assignment]

from footfall.cli.command import run_command  # noqa: E402 - must not find it

if __name__ == "__main__":
    sys.exit(run_command(["serve"]))
