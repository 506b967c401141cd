"""Headers that every present browser sends. Only who claims to be one is judged by them, and only
where headers are known: an access log has none."""

from footfall.bots.factor import Factor

_FETCH_METADATA_CHROME = 80
_FETCH_METADATA_FIREFOX = 90
"""First versions that send Sec-Fetch-*, to https and localhost only: hence its small weight."""


def find_header_factors(user_agent: str, headers_seen: frozenset[str]) -> tuple[Factor, ...]:
    """Return what is missing from the headers of a claimed browser."""
    if not headers_seen or not user_agent.startswith("Mozilla/"):
        return ()
    found = []
    if "accept-language" not in headers_seen:
        found.append(Factor.NO_LANGUAGE)
    if "accept" not in headers_seen:
        found.append(Factor.NO_ACCEPT)
    if _sends_fetch_metadata(user_agent) and "sec-fetch-mode" not in headers_seen:
        found.append(Factor.NO_FETCH_METADATA)
    return tuple(found)


def _sends_fetch_metadata(user_agent: str) -> bool:
    for mark, least in (("Chrome/", _FETCH_METADATA_CHROME), ("Firefox/", _FETCH_METADATA_FIREFOX)):
        number = user_agent.partition(mark)[2].partition(".")[0]
        if number.isascii() and number.isdigit():
            return len(number) < 6 and int(number) >= least
    return False
