"""What the headers of a request for a file ask for: a compressed form, or only news.
Malformed headers ask for nothing."""

_WEAK = "W/"


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether an Accept-Encoding header takes gzip (RFC 9110, 12.5.3)."""
    wildcard = False
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        is_taken = _read_weight(parameter) > 0
        if coding.strip() in {"gzip", "x-gzip"}:
            return is_taken
        if coding.strip() == "*":
            wildcard = is_taken
    return wildcard


def has_current(if_none_match: str, etag: str) -> bool:
    """Tell whether an If-None-Match header names this tag (RFC 9110, 13.1.2)."""
    tags = [part.strip() for part in if_none_match.split(",")]
    return "*" in tags or etag in (tag.removeprefix(_WEAK) for tag in tags)


def _read_weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
