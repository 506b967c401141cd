"""Couriers: one for each channel, each tries a delivery once and says how it ended."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from footfall.delivery.call import Call, Caller
from footfall.delivery.delivery import ID_HEADER, Attempt, Delivery
from footfall.delivery.signature import Signer, render_signature
from footfall.errors import NotFoundError

USER_AGENT = "Footfall"


class Courier(Protocol):
    """Tries deliveries of one channel."""

    async def deliver(self, delivery: Delivery) -> Attempt:
        """Try once and say how it ended."""
        ...


class WebhookCourier:
    """Posts to webhooks, signed where the sender has a secret."""

    def __init__(self, caller: Caller, signers: Mapping[str, Signer]) -> None:
        """`signers` are found by the first part of a delivery's `signer`, up to its '-'."""
        self._caller = caller
        self._signers = signers

    async def deliver(self, delivery: Delivery) -> Attempt:
        """Post the body once."""
        try:
            return await self.post(
                delivery.id, delivery.target, delivery.body, signer=delivery.signer
            )
        except NotFoundError:
            return Attempt("the webhook was removed in the meantime", is_final=True)

    async def post(self, delivery_id: str, url: str, body: str, *, signer: str | None) -> Attempt:
        """Post a body. Raises NotFoundError when there is no such signer any more."""
        raw = body.encode()
        signature = await asyncio.to_thread(self._sign, signer, raw)
        return await self._caller.post(Call(url, raw, {**make_headers(delivery_id), **signature}))

    def _sign(self, sender: str | None, body: bytes) -> dict[str, str]:
        if sender is None:
            return {}
        signer = self._signers[sender.partition("-")[0]]
        secret = signer.find_secret(sender)
        return {signer.header: render_signature(secret, body)} if secret else {}


def make_headers(delivery_id: str) -> dict[str, str]:
    """Return the headers of every call but its signature."""
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        ID_HEADER: delivery_id,
    }
