"""What a page that plays recordings may load. What was recorded is hostile: it is shown in a frame
whose sandbox runs no script, and the policy of the page, which the frame inherits, allows none but
ours, no frame within, and no other host's pictures than those of the recorded site itself."""

from footfall.errors import InvalidInputError
from footfall.projects.domain import parse_domain


def make_policy(host: str) -> str:
    """Return the policy for a recording of a site's domain; '' where nobody registered one.

    The frame is styled by what was recorded, so styles may stand in the page.
    """
    own = _render_sources(host)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'unsafe-inline'{own}",
            f"img-src 'self' data: blob:{own}",
            f"font-src 'self' data:{own}",
            f"media-src data:{own}",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def _render_sources(host: str) -> str:
    try:
        name = parse_domain(host).partition(":")[0] if host else ""
    except InvalidInputError:
        name = ""
    if not name:
        return ""
    any_port = f" https://{name}:* http://{name}:*"
    return any_port if _is_number(name) else f"{any_port} https://*.{name}:*"


def _is_number(name: str) -> bool:
    return name.replace(".", "").isdigit()
