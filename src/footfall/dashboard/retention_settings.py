"""The form of the settings page that says for how long events are kept. It is the operator's."""

from litestar import post

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import TheDoor
from footfall.dashboard.page import AnyRequest, Page, render_redirect
from footfall.dashboard.settings_page import open_settings
from footfall.dashboard.sign_in import read_field, read_form
from footfall.errors import InvalidInputError, NotFoundError

CHOICES = ("server", "ever", "days")


@post("/settings/retention")
async def save_retention(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Keep events for as long as the form says."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    if door.parts.retention is None:
        raise NotFoundError("Page", "retention")
    form = await read_form(request)
    days = parse_days(read_field(form, "keep"), read_field(form, "days").strip())
    await door.parts.retention.save_days(screen.project, days)
    return render_redirect(request, f"{screen.home}/settings#retention")


def parse_days(choice: str, days: str) -> int | None:
    """Read the form: None as the server says, 0 for ever. Raises InvalidInputError."""
    if choice not in CHOICES:
        raise InvalidInputError(f"'{choice}' is not one of {', '.join(CHOICES)}", field="keep")
    if choice == "days":
        if not (days.isascii() and days.isdigit()) or len(days) > 5 or int(days) == 0:
            raise InvalidInputError(
                f"'{days}' is no number of days; write for example 365", field="days"
            )
        return int(days)
    return None if choice == "server" else 0
