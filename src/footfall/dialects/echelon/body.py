"""Bodies of requests that change something, decoded into types."""

from typing import Any, TypeVar

from litestar import Request

from footfall.errors import TooLargeError
from footfall.http.json_body import Decoder, parse_json

BODY_LIMIT_BYTES = 64 * 1024
"""Far above what a definition needs; measurements of builds fill it [doc+original]."""

T = TypeVar("T")


async def read_json(
    request: Request[Any, Any, Any],
    decoder: Decoder[T],
    limit_bytes: int = BODY_LIMIT_BYTES,
) -> T:
    """Read and decode a body; the limit holds while reading.

    Raises TooLargeError, InvalidInputError, MissingFieldError.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise TooLargeError(f"The body is larger than the {limit_bytes} bytes accepted here.")
    return parse_json(decoder, body)
