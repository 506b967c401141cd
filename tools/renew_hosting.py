"""Renews src/footfall/bots/data/hosting.txt from the table of the PyPI package `iporigin`.

Usage: pip download --no-deps iporigin, unpack the wheel, then
`python tools/renew_hosting.py <unpacked>/iporigin/data/ranges.bin`.
Takes only operators whose ranges are published by themselves or under CC0 (the package's NOTICE);
CDNs, VPNs and relays are left out: people come from there.
"""

import struct
import sys
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

OPERATORS = frozenset(
    {
        "Alibaba Cloud",
        "Amazon AWS",
        "DigitalOcean",
        "GitHub",
        "Google Cloud",
        "Hetzner",
        "Huawei Cloud",
        "IBM Cloud",
        "Leaseweb",
        "Linode",
        "Microsoft Azure",
        "OVHcloud",
        "Oracle Cloud",
        "Rackspace",
        "Scaleway",
        "Tencent Cloud",
        "UpCloud",
        "Vultr",
    }
)
TARGET = Path(__file__).parent.parent / "src/footfall/bots/data/hosting.txt"
_HEADER = struct.Struct("<8sHQHII")
_V4 = struct.Struct("<IIH")
_V6 = struct.Struct("<16s16sH")

Ranges = list[tuple[int, int]]


def parse_table(data: bytes) -> tuple[datetime, Ranges, Ranges]:
    """Return when the table was built and the wanted IPv4 and IPv6 ranges, ends included."""
    _, _, built_at, label_count, v4_count, v6_count = _HEADER.unpack_from(data, 0)
    at = _HEADER.size
    wanted = []
    for _ in range(label_count):
        (length,) = struct.unpack_from("<H", data, at)
        wanted.append(data[at + 2 : at + 2 + length].decode().partition("\t")[0] in OPERATORS)
        at += 2 + length
    v4 = [_V4.unpack_from(data, at + i * _V4.size) for i in range(v4_count)]
    at += v4_count * _V4.size
    v6 = [_V6.unpack_from(data, at + i * _V6.size) for i in range(v6_count)]
    return (
        datetime.fromtimestamp(built_at, UTC),
        merge([(start, end) for start, end, label in v4 if wanted[label]]),
        merge(
            [
                (int.from_bytes(start, "big"), int.from_bytes(end, "big"))
                for start, end, label in v6
                if wanted[label]
            ]
        ),
    )


def merge(ranges: Ranges) -> Ranges:
    """Return the ranges sorted, neighbours joined."""
    merged: Ranges = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def drop_reserved(ranges: Ranges, address: type[IPv4Address] | type[IPv6Address]) -> Ranges:
    """Return the ranges of the public network: providers list documentation's among their own."""
    return [(start, end) for start, end in ranges if address(start).is_global]


def main() -> None:
    """Write the list."""
    built_at, v4, v6 = parse_table(Path(sys.argv[1]).read_bytes())
    lines = [
        "# Networks of hosting companies, ends included, neighbours joined.",
        f"# From the PyPI package iporigin, table of {built_at:%Y-%m-%d}; only ranges that the",
        "# operators publish themselves or that are collected under CC0. Renew: see tools/.",
        f"# {', '.join(sorted(OPERATORS))}",
        *(
            f"{IPv4Address(start)}-{IPv4Address(end)}"
            for start, end in drop_reserved(v4, IPv4Address)
        ),
        *(
            f"{IPv6Address(start)}-{IPv6Address(end)}"
            for start, end in drop_reserved(v6, IPv6Address)
        ),
    ]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
