"""Routes of the two lists of addresses: blocked ones, and known ones of the team and its tests."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from footfall.dialects.pulsegate.access import ADMIN, sees
from footfall.dialects.pulsegate.lead.callback import read_object
from footfall.dialects.pulsegate.lead.render import render_time
from footfall.errors import MissingFieldError
from footfall.http.api_document import takes
from footfall.leads.address import AddressLists, ListedAddress, ListRule

AnyRequest = Request[Any, Any, Any]
TheLists = NamedDependency[SkipValidation[AddressLists]]

_USAGES = {"testing leads": "testing", "internal use": "internal"}
"""Words of the dashboard [original] for our usages."""


class BlockedBody(msgspec.Struct):
    """A blocked address."""

    id: int
    ip: str
    reason: str
    created_at: str


class WhitelistedBody(msgspec.Struct):
    """A known address."""

    id: int
    ip: str
    usage: str
    created_at: str


class DeletedBody(msgspec.Struct):
    """An address is off its list."""

    deleted: bool = True


@get("/analytics/blocked-ips", opt=sees("blocked-ips"), summary="List blocked addresses")
async def list_blocked_addresses(address_lists: TheLists) -> list[BlockedBody]:
    """List blocked addresses, newest first."""
    found = await asyncio.to_thread(address_lists.list_addresses, "blocked")
    return [_render_blocked(address) for address in found]


@post(
    "/analytics/blocked-ips",
    opt=takes(ADMIN, dict[str, Any]),
    status_code=201,
    summary="Block an address",
)
async def block_address(request: AnyRequest, address_lists: TheLists) -> BlockedBody:
    """Block an address: whatever it sends from now on makes no lead."""
    fields = await read_object(request)
    reason = str(fields.get("reason") or "").strip()
    made = await asyncio.to_thread(address_lists.block, _read_ip(fields), reason)
    return _render_blocked(made)


@get("/analytics/whitelisted-ips", opt=sees("whitelisted-ips"), summary="List known addresses")
async def list_known_addresses(address_lists: TheLists) -> list[WhitelistedBody]:
    """List known addresses, newest first."""
    found = await asyncio.to_thread(address_lists.list_addresses, "whitelisted")
    return [_render_known(address) for address in found]


@post(
    "/analytics/whitelisted-ips",
    opt=takes(ADMIN, dict[str, Any]),
    status_code=201,
    summary="Add a known address",
)
async def add_known_address(request: AnyRequest, address_lists: TheLists) -> WhitelistedBody:
    """Add an address of the team (`internal`) or of its tests (`testing`)."""
    fields = await read_object(request)
    given = str(fields.get("usage") or "").strip().lower()
    if not given:
        raise MissingFieldError("usage")
    usage = _USAGES.get(given, given)
    made = await asyncio.to_thread(address_lists.whitelist, _read_ip(fields), usage)
    return _render_known(made)


@delete("/analytics/blocked-ips/{ip:str}", opt=ADMIN, status_code=200, summary="Unblock an address")
async def unblock_address(address_lists: TheLists, ip: FromPath[str]) -> DeletedBody:
    """Take an address off the list of blocked ones, by itself or by its id."""
    return await _drop(address_lists, ip, "blocked")


@delete("/analytics/blocked-ips", opt=ADMIN, status_code=200, summary="Unblock an address")
async def unblock_address_by_query(
    request: AnyRequest, address_lists: TheLists, ip: FromQuery[str] = ""
) -> DeletedBody:
    """The same with the address in the query or in a body."""
    return await _drop(address_lists, ip or await _read_body_ip(request), "blocked")


@delete(
    "/analytics/whitelisted-ips/{ip:str}", opt=ADMIN, status_code=200, summary="Drop an address"
)
async def drop_known_address(address_lists: TheLists, ip: FromPath[str]) -> DeletedBody:
    """Take an address off the list of known ones, by itself or by its id."""
    return await _drop(address_lists, ip, "whitelisted")


@delete("/analytics/whitelisted-ips", opt=ADMIN, status_code=200, summary="Drop an address")
async def drop_known_address_by_query(
    request: AnyRequest, address_lists: TheLists, ip: FromQuery[str] = ""
) -> DeletedBody:
    """The same with the address in the query or in a body."""
    return await _drop(address_lists, ip or await _read_body_ip(request), "whitelisted")


async def _drop(address_lists: AddressLists, ip: str, rule: ListRule) -> DeletedBody:
    await asyncio.to_thread(address_lists.drop, ip, rule)
    return DeletedBody()


async def _read_body_ip(request: AnyRequest) -> str:
    if not await request.body():
        raise MissingFieldError("ip")
    return _read_ip(await read_object(request))


def _read_ip(fields: dict[str, Any]) -> str:
    value = fields.get("ip") or fields.get("ip_address")
    if not isinstance(value, str) or not value.strip():
        raise MissingFieldError("ip")
    return value


def _render_blocked(address: ListedAddress) -> BlockedBody:
    return BlockedBody(
        address.number, address.address, address.reason, render_time(address.created_at_us)
    )


def _render_known(address: ListedAddress) -> WhitelistedBody:
    return WhitelistedBody(
        address.number, address.address, address.usage, render_time(address.created_at_us)
    )


ADDRESS_ROUTES = (
    list_blocked_addresses,
    block_address,
    unblock_address,
    unblock_address_by_query,
    list_known_addresses,
    add_known_address,
    drop_known_address,
    drop_known_address_by_query,
)
