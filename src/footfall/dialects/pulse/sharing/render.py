"""From our shared links to Pulse's shared dashboards. Nothing here can fail."""

from footfall.dialects.pulse.render import render_time
from footfall.dialects.pulse.sharing.shape import ShareBody
from footfall.projects.share import Share


def render_share(share: Share, base_url: str) -> ShareBody:
    """Return a link; `base_url` is how the caller reached us."""
    return ShareBody(
        id=share.id,
        name=share.name,
        token=share.token,
        url=f"{base_url.rstrip('/')}/shared/{share.token}",
        modules=list(share.modules),
        password_protected=share.password_hash is not None,
        embed_origins=list(share.embed_origins),
        expires_at=None if share.expires_at_us is None else render_time(share.expires_at_us),
        created_at=render_time(share.created_at_us),
    )
