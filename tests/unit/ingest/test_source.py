"""Referrers and channels: whole hosts, GA4's order."""

from pathlib import Path

import pytest

from footfall.errors import ConfigError
from footfall.ingest.channel import find_channel
from footfall.ingest.source import NO_REFERRAL, SourceKind, Sources, find_domain
from tests.unit.ingest.world import SOURCES, World, view


@pytest.mark.parametrize(
    ("referrer", "name", "kind"),
    [
        ("https://www.google.com/search?q=x", "Google", "search"),
        ("https://www.google.co.uk/", "Google", "search"),
        ("https://google.de", "Google", "search"),
        ("https://mail.google.com/mail/u/0", "Gmail", "email"),
        ("https://docs.google.com/d/1", "Google Docs", "referral"),
        ("https://gemini.google.com/app", "Gemini", "ai"),
        ("https://chatgpt.com/", "ChatGPT", "ai"),
        ("https://l.facebook.com/l.php", "Facebook", "social"),
        ("https://t.co/abc", "X", "social"),
        ("https://www.producthunt.com/posts/x", "Product Hunt", "social"),
        ("https://reddit.com/r/x", "Reddit", "social"),
        ("https://notreddit.com/", "notreddit.com", "referral"),
        ("https://reddit.com.evil.example/", "reddit.com.evil.example", "referral"),
        ("https://google.evil.example/", "google.evil.example", "referral"),
        ("https://googel.com/", "googel.com", "referral"),
        ("https://bat.co/", "bat.co", "referral"),
        ("android-app://com.google.android.gm/", "Gmail", "email"),
        ("news.ycombinator.com/item", "Hacker News", "social"),
        ("https://example.net:8080/x", "example.net", "referral"),
        ("https://192.0.2.1/x", "192.0.2.1", "referral"),
    ],
)
def test_names_a_source_by_its_whole_host(referrer: str, name: str, kind: SourceKind) -> None:
    referral = SOURCES.parse_referrer(referrer)
    assert (referral.name, referral.kind) == (name, kind)


@pytest.mark.parametrize("text", ["", " ", "about:blank", "javascript:x", "no host", "file:///a"])
def test_what_is_no_address_is_no_referrer(text: str) -> None:
    assert SOURCES.parse_referrer(text) is NO_REFERRAL


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://www.example.net/", "example.net"),
        ("https://example.net/a/b?secret=1#x", "example.net/a/b"),
    ],
)
def test_keeps_host_and_path_of_a_referrer(text: str, kept: str) -> None:
    assert SOURCES.parse_referrer(text).referrer == kept


@pytest.mark.parametrize(
    ("source", "kind", "medium", "campaign", "click_id", "channel"),
    [
        ("", "", "", "", "", "Direct"),
        ("Google", "search", "", "", "", "Organic Search"),
        ("Google", "search", "cpc", "", "", "Paid Search"),
        ("Google", "search", "", "", "gclid", "Paid Search"),
        ("Google", "search", "cpc", "shopping-eu", "", "Paid Shopping"),
        ("Google", "search", "cpc", "workshop", "", "Paid Search"),
        ("Google", "search", "x", "cross-network", "", "Cross-network"),
        ("Facebook", "social", "", "", "fbclid", "Organic Social"),
        ("Facebook", "social", "paid_social", "", "", "Paid Social"),
        ("TikTok", "social", "", "", "ttclid", "Paid Social"),
        ("YouTube", "video", "", "", "", "Organic Video"),
        ("YouTube", "video", "cpv", "", "", "Paid Video"),
        ("YouTube", "video", "ppc", "", "", "Paid Video"),
        ("Amazon", "shopping", "", "", "", "Organic Shopping"),
        ("ChatGPT", "ai", "", "", "", "AI Assistants"),
        ("ChatGPT", "ai", "referral", "", "", "AI Assistants"),
        ("x", "", "banner", "", "", "Display"),
        ("x", "", "cpm", "", "", "Display"),
        ("x", "", "ppc", "", "", "Paid Other"),
        ("News", "", "email", "", "", "Email"),
        ("newsletter", "", "", "", "", "Email"),
        ("Gmail", "email", "", "", "", "Email"),
        ("x", "", "affiliate", "", "", "Affiliates"),
        ("x", "", "audio", "", "", "Audio"),
        ("x", "", "sms", "", "", "SMS"),
        ("x", "", "web-push", "", "", "Mobile Push Notifications"),
        ("x", "", "social", "", "", "Organic Social"),
        ("example.net", "referral", "", "", "", "Referral"),
        ("x", "", "referral", "", "", "Referral"),
        ("x", "", "poster", "", "", "Unassigned"),
    ],
)
def test_finds_the_channel_group(
    source: str, kind: SourceKind, medium: str, campaign: str, click_id: str, channel: str
) -> None:
    assert find_channel(source, kind, medium, campaign, click_id) == channel


@pytest.mark.parametrize(
    ("url", "referrer", "source", "channel"),
    [
        ("https://shop.example.com/", "https://example.com/x", "", "Direct"),
        ("https://shop.example.com/", "https://www.shop.example.com/", "", "Direct"),
        ("https://a.github.io/", "https://b.github.io/", "b.github.io", "Referral"),
        ("https://e.com/?fbclid=1", "", "Facebook", "Organic Social"),
        ("https://e.com/?gclid=1", "", "Google", "Paid Search"),
        ("https://e.com/?utm_source=fb&utm_medium=cpc", "", "Facebook", "Paid Social"),
        ("https://e.com/?utm_source=news.ycombinator.com", "", "Hacker News", "Organic Social"),
        ("https://e.com/?utm_source=Spring", "https://t.co/x", "Spring", "Unassigned"),
        ("/path", "https://own.example/a", "", "Direct"),
    ],
)
async def test_attributes_a_visit(url: str, referrer: str, source: str, channel: str) -> None:
    [row] = await World().send(view(url, referrer=referrer), own_hosts=frozenset({"own.example"}))
    assert (row.get("source", ""), row["channel"]) == (source, channel)


async def test_a_visit_keeps_the_origin_of_what_arrived_first() -> None:
    rows = await World().send(
        view("/b?utm_source=second", ts_us=1_790_251_200_000_000),
        view("/a", referrer="https://t.co/x", ts_us=1_790_251_100_000_000),
    )
    assert [row["source"] for row in rows] == ["second", "second"]
    assert [row["entry_page"] for row in rows] == ["/b", "/b"]
    assert "referrer" not in rows[1]


async def test_tags_of_the_sender_win_over_those_of_the_url() -> None:
    [row] = await World().send(view("/?utm_source=url&utm_term=t", utm_source="own"))
    assert (row["utm_source"], row["utm_term"]) == ("own", "t")


def test_takes_lists_of_ones_own(tmp_path: Path) -> None:
    sources, spam = tmp_path / "sources.json", tmp_path / "spam.txt"
    sources.write_text('{"search": {"Find": ["find.example"]}}')
    spam.write_text("# mine\nBad.example\n")
    own = Sources(sources, spam)
    assert own.parse_referrer("https://find.example/").name == "Find"
    assert own.parse_referrer("https://x.bad.example/").is_spam
    assert own.parse_referrer("https://semalt.com/").is_spam
    with pytest.raises(ConfigError, match=r"nowhere\.txt"):
        Sources(spam_path=tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.co.uk", "b.co.uk"),
        ("a.github.io", "a.github.io"),
        ("localhost", "localhost"),
        ("com", "com"),
    ],
)
def test_finds_the_registrable_domain(host: str, domain: str) -> None:
    assert find_domain(host) == domain
