"""Where an event came from, and whether that is referrer spam. The site itself is no referrer."""

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import NO_REFERRAL, Sources, find_domain
from footfall.ingest.step import Step


def put_referrer(sources: Sources) -> Step:
    """Return the step that puts the referral; one from the project's own domain is none."""
    parse = sources.parse_referrer

    def put_referrer(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        text = signal.referrer
        if not text:
            return None
        referral = parse(text)
        if referral is NO_REFERRAL or _is_own(referral.host, referral.domain, sender, draft):
            return None
        draft.referral = referral
        return None

    return put_referrer


def drop_spam_referrer(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Drop an event whose referrer is on the list of referrer spam."""
    return DropReason.SPAM_REFERRER if draft.referral.is_spam else None


def _is_own(host: str, domain: str, sender: Sender, draft: Draft) -> bool:
    own = sender.own_hosts
    if own and (host in own or domain in own or f"www.{host}" in own):
        return True
    page_host = draft.page.host or draft.site
    return bool(page_host) and find_domain(page_host) == domain
