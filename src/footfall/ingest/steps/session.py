"""The session an event belongs to and, when it begins one, where the visit came from."""

from functools import lru_cache

from footfall.identity.session import Attribution, SessionBook, Visit
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.channel import find_channel
from footfall.ingest.click_id import CLICK_IDS
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.page import TAG_LIMIT
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import Sources
from footfall.ingest.step import Step

NEVER_STARTS = frozenset({"engagement", "web_vital", "scroll_depth", "session_end", "activity"})
"""Signals that prolong a session and never start one (field definitions): a page sends them when
it is left, which may be long after anybody looked at it."""

_US_PER_MS = 1_000


def put_session(sessions: SessionBook, hasher: VisitorHasher) -> Step:
    """Return the step that finds or starts the session: the sender's own, else by the 30 minutes
    rule, else one that the visitor's browser named by an id of its own. A signal that never starts
    one stays without when there is none."""
    live, history = sessions.live, sessions.history
    hash_given = lru_cache(maxsize=65_536)(hasher.hash_given_session)

    def put_session(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        ts = draft.ts
        registry = history if sender.is_trusted_clock else live
        visit: Visit | None
        if signal.session_id:
            given = hash_given(sender.project, signal.session_id)
            visit = registry.join_given(given, ts)
            if visit is None and signal.kind not in NEVER_STARTS:
                visit = registry.start_given(given, ts)
            if visit is not None:
                registry.link(draft.visitor, visit)
        else:
            visit = registry.join(draft.visitor, ts)
            if visit is None and draft.engagement_ms:
                # The signal speaks for the time before it: who reads for an hour is still there.
                visit = registry.join(draft.visitor, ts - draft.engagement_ms * _US_PER_MS)
                if visit is not None:
                    visit.end = max(visit.end, ts)
            if visit is None:
                visit = registry.join_linked(draft.visitor, ts)
            if visit is None and signal.kind not in NEVER_STARTS:
                visit = registry.start(draft.visitor, ts)
        draft.visit = visit
        return None

    return put_session


def put_attribution(sources: Sources) -> Step:
    """Return the step that writes down a new session's origin and its first page."""

    def put_attribution(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        visit = draft.visit
        if visit is None:
            return None
        attribution = visit.attribution
        if attribution is None:
            visit.attribution = attribution = attribute(sources, signal, draft)
        if not attribution.entry_page and signal.kind == "pageview":
            attribution.entry_page = draft.page.path
        return None

    return put_attribution


def attribute(sources: Sources, signal: Signal, draft: Draft) -> Attribution:
    """Return where a session comes from: campaign source, else referrer, else click id.

    The tags a sender gives win over those of its URL.
    """
    page, referral = draft.page, draft.referral
    tag = signal.utm_source[:TAG_LIMIT] or page.utm_source
    medium = signal.utm_medium[:TAG_LIMIT] or page.utm_medium
    campaign = signal.utm_campaign[:TAG_LIMIT] or page.utm_campaign
    if tag:
        source, kind = sources.find_name(tag)
    elif referral.host:
        source, kind = referral.name, referral.kind
    elif page.click_id:
        source, kind = sources.find_name(CLICK_IDS[page.click_id].source)
    else:
        source, kind = "", ""
    return Attribution(
        referrer=referral.referrer,
        source=source,
        channel=find_channel(source, kind, medium, campaign, page.click_id),
        utm_source=tag,
        utm_medium=medium,
        utm_campaign=campaign,
        utm_content=signal.utm_content[:TAG_LIMIT] or page.utm_content,
        utm_term=signal.utm_term[:TAG_LIMIT] or page.utm_term,
        click_id=page.click_id,
    )
