"""Routes of marketing keys: who holds the admin key makes them, lists them and takes them back. A
key is shown once, when it is made."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation

from footfall.dialects.pulsegate.access import ADMIN, PAGES
from footfall.projects.viewer_key import StoredViewerKeys, ViewerKey

TheKeys = NamedDependency[SkipValidation[StoredViewerKeys]]


class NewKeyBody(msgspec.Struct):
    """What a new key is called and shows; all pages when none are listed."""

    name: str
    pages: list[str] | None = None


class KeyBody(msgspec.Struct, omit_defaults=True):
    """A key; `api_key` stands only in the answer that makes it."""

    id: str
    name: str
    prefix: str
    visible_pages: list[str]
    created_at: int
    api_key: str = ""


class DeletedBody(msgspec.Struct):
    """The key opens nothing any more."""

    deleted: bool


@get("/analytics/marketing-keys", opt=ADMIN, summary="Marketing keys")
async def list_keys(viewer_keys: TheKeys) -> list[KeyBody]:
    """All marketing keys, oldest first."""
    return [_render(key) for key in await asyncio.to_thread(viewer_keys.list_keys)]


@post("/analytics/marketing-keys", opt=ADMIN, summary="Make a marketing key")
async def create_key(data: JSONBody[NewKeyBody], viewer_keys: TheKeys) -> KeyBody:
    """Make a key that shows some pages and never a lead."""
    pages = PAGES if data.pages is None else data.pages
    key, secret = await asyncio.to_thread(viewer_keys.create, data.name, pages, PAGES)
    return _render(key, secret)


@delete(
    "/analytics/marketing-keys/{key_id:str}",
    opt=ADMIN,
    status_code=200,
    summary="Delete a marketing key",
)
async def delete_key(
    key_id: Annotated[str, PathParameter(description="Of the key.")], viewer_keys: TheKeys
) -> DeletedBody:
    """Take a key back at once."""
    await asyncio.to_thread(viewer_keys.remove, key_id)
    return DeletedBody(True)


def _render(key: ViewerKey, secret: str = "") -> KeyBody:
    created_ms = key.created_at_us // 1_000
    return KeyBody(key.id, key.name, key.prefix, list(key.pages), created_ms, secret)


MARKETING_KEY_ROUTES: tuple[Any, ...] = (list_keys, create_key, delete_key)
