"""Content that is kept compressed with gzip: sent as it is to whoever takes gzip, else unpacked."""

import gzip
from typing import Final

IS_PACKED: Final = "is_packed"
"""Key in the `opt` of routes whose answers are kept compressed: nobody compresses them again."""


def unpack_for(accepted: str, packed: bytes) -> tuple[bytes, dict[str, str]]:
    """Return the content in a form that fits the header Accept-Encoding, and the headers that say
    so. Blocks for some milliseconds a megabyte when it has to unpack."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in accepted:
        return packed, {**headers, "Content-Encoding": "gzip"}
    return gzip.decompress(packed), headers
