"""Routers that the web framework takes as they are, and what their routes tell it.

It copies every router deeply when it is registered, with all handlers and what they hold: a third
of the time that building the application takes. Ours are made anew for each application and
registered once, so there is nothing to keep apart."""

from typing import Any, Final

from litestar import Router

IS_PACKED: Final = "is_packed"
"""Key in the `opt` of routes whose answers are kept compressed: nobody compresses them again."""


class OwnRouter(Router):
    """A router that belongs to one application or one other router."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "OwnRouter":
        return self
