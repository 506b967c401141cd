"""What a project leaves out on its own wish: networks, hosts and paths. Rules only: the pipeline
applies them, and no address is kept anywhere."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from footfall.config import Network
from footfall.errors import InvalidInputError

EXCLUSIONS_LIMIT = 200
"""Rules of one sort: each is tried for every event."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """A project's exclusions. Paths and hosts are wildcards: '*' is any run of characters."""

    networks: tuple[Network, ...] = ()
    paths: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def parse_exclusions(value: object) -> Exclusions | None:
    """Read `{"networks": […], "paths": […], "hosts": […]}`; None when nothing is left out.

    Raises InvalidInputError.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidInputError(
            f"exclude must be an object of networks, paths and hosts, not {value!r}",
            field="exclude",
        )
    networks = tuple(_parse_network(text) for text in _parse_list(value, "networks"))
    paths = _parse_list(value, "paths")
    hosts = tuple(host.lower() for host in _parse_list(value, "hosts"))
    if not (networks or paths or hosts):
        return None
    return Exclusions(networks, paths, hosts)


def _parse_list(rules: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = rules.get(name) or []
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise InvalidInputError(
            f"exclude.{name} must be a list of texts, not {values!r}", field="exclude"
        )
    if len(values) > EXCLUSIONS_LIMIT:
        raise InvalidInputError(
            f"exclude.{name} has {len(values)} rules; accepted are {EXCLUSIONS_LIMIT}",
            field="exclude",
        )
    return tuple(values)


def _parse_network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidInputError(
            f"'{text}' is no network; write for example 203.0.113.0/24", field="exclude"
        ) from None
