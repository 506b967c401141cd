"""Query parameters that advertisers and mailers append to links: which click id stands for which
source, and which parameters name a person and are thrown away."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClickId:
    """What a click id tells when neither a tag nor a referrer does."""

    source: str
    channel: str
    """Channel group where the id alone proves an advertisement; '' where it does not."""


CLICK_IDS: dict[str, ClickId] = {
    "gclid": ClickId("Google", "Paid Search"),
    "gbraid": ClickId("Google", "Paid Search"),
    "wbraid": ClickId("Google", "Paid Search"),
    "dclid": ClickId("Google", "Display"),
    "msclkid": ClickId("Bing", "Paid Search"),
    "yclid": ClickId("Yandex", "Paid Search"),
    # Facebook, Instagram and TikTok append theirs to unpaid links too.
    "fbclid": ClickId("Facebook", ""),
    "igshid": ClickId("Instagram", ""),
    "igsh": ClickId("Instagram", ""),
    "ttclid": ClickId("TikTok", "Paid Social"),
    "twclid": ClickId("X", "Paid Social"),
    "li_fat_id": ClickId("LinkedIn", "Paid Social"),
    "rdt_cid": ClickId("Reddit", "Paid Social"),
    "epik": ClickId("Pinterest", "Paid Social"),
    "sccid": ClickId("Snapchat", "Paid Social"),
    "qclid": ClickId("Quora", "Paid Social"),
    "srsltid": ClickId("Google", "Organic Shopping"),
}

PERSONAL_PARAMETERS = frozenset(
    {
        "_hsenc",
        "_hsmi",
        "_kx",
        "ck_subscriber_id",
        "gclsrc",
        "mc_eid",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
    }
)
"""Parameters by which mail services recognise one recipient; they never reach a report."""
