"""Channel groups: GA4's default groups, in its order, and 'AI Assistants' beside them.
Rules: https://support.google.com/analytics/answer/9756891 . They speak of source kind, medium and
campaign only; where a host belongs is `source`'s affair."""

from functools import lru_cache

from footfall.ingest.click_id import CLICK_IDS
from footfall.ingest.source import SourceKind

DIRECT = "Direct"
UNASSIGNED = "Unassigned"

_PAID_BY_KIND: dict[SourceKind, str] = {
    "shopping": "Paid Shopping",
    "search": "Paid Search",
    "social": "Paid Social",
    "video": "Paid Video",
}
_ORGANIC_BY_KIND: dict[SourceKind, str] = {
    "ai": "AI Assistants",
    "shopping": "Organic Shopping",
    "social": "Organic Social",
    "video": "Organic Video",
    "search": "Organic Search",
    "email": "Email",
}
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_BY_MEDIUM = {
    **dict.fromkeys(
        ("social", "social-network", "social-media", "sm", "social network", "social media"),
        "Organic Social",
    ),
    "organic": "Organic Search",
    **dict.fromkeys(("referral", "app", "link"), "Referral"),
    **dict.fromkeys(("email", "e-mail", "e_mail", "e mail", "newsletter"), "Email"),
    **dict.fromkeys(("affiliate", "affiliates"), "Affiliates"),
    "audio": "Audio",
    "sms": "SMS",
}
_BY_SOURCE = {
    **dict.fromkeys(("email", "e-mail", "e_mail", "e mail", "newsletter"), "Email"),
    "sms": "SMS",
    "firebase": "Mobile Push Notifications",
}


@lru_cache(maxsize=8192)
def find_channel(source: str, kind: SourceKind, medium: str, campaign: str, click_id: str) -> str:
    """Return the channel group of a visit. Everything empty is Direct."""
    if not (source or medium or campaign):
        return DIRECT
    medium = medium.lower()
    campaign = campaign.lower()
    if "cross-network" in campaign:
        return "Cross-network"
    is_shop = kind == "shopping" or _names_shop(campaign)
    if _is_paid(medium):
        if is_shop:
            return "Paid Shopping"
        paid = _PAID_BY_KIND.get(kind)
        if paid:
            return paid
        return "Display" if medium in _DISPLAY else "Paid Other"
    if medium in _DISPLAY:
        return "Display"
    if not medium and click_id:
        advertised = CLICK_IDS[click_id].channel
        if advertised:
            return advertised
    return _find_unpaid(source.lower(), kind, medium, is_shop=is_shop)


def _find_unpaid(source: str, kind: SourceKind, medium: str, *, is_shop: bool) -> str:
    if kind == "ai":
        return "AI Assistants"
    if is_shop:
        return "Organic Shopping"
    if medium in _BY_MEDIUM and _BY_MEDIUM[medium] == "Organic Social":
        return "Organic Social"
    if kind in _ORGANIC_BY_KIND and (kind != "email" or not medium):
        return _ORGANIC_BY_KIND[kind]
    if "video" in medium:
        return "Organic Video"
    if medium in _BY_MEDIUM:
        return _BY_MEDIUM[medium]
    if source in _BY_SOURCE:
        return _BY_SOURCE[source]
    if medium.endswith("push") or "mobile" in medium or "notification" in medium:
        return "Mobile Push Notifications"
    return "Referral" if kind == "referral" and not medium else UNASSIGNED


def _is_paid(medium: str) -> bool:
    # GA4's pattern ^(.*cp.*|ppc|retargeting|paid.*)$.
    return "cp" in medium or medium in ("ppc", "retargeting") or medium.startswith("paid")


def _names_shop(campaign: str) -> bool:
    # GA4's pattern ^(.*(([^a-df-z]|^)shop|shopping).*)$: 'workshop' is no shop, 'e-shop' is.
    if "shopping" in campaign:
        return True
    at = campaign.find("shop")
    while at >= 0:
        if at == 0 or not ("a" <= campaign[at - 1] <= "z" and campaign[at - 1] != "e"):
            return True
        at = campaign.find("shop", at + 1)
    return False
