"""A trial of a webhook: one call now, with its answer shown, outside the outbox and without
repetitions."""

import asyncio
import uuid
from dataclasses import dataclass

from footfall.alerts.notice import Wording
from footfall.alerts.webhook import Webhook
from footfall.clock import Clock
from footfall.delivery.courier import WebhookCourier
from footfall.delivery.delivery import Attempt
from footfall.projects.project import Project


@dataclass(frozen=True, slots=True)
class TrialResult:
    """How a trial ended."""

    attempt: Attempt
    took_ms: int


class Trial:
    """Calls webhooks to see whether they answer."""

    def __init__(self, courier: WebhookCourier, wording: Wording, clock: Clock) -> None:
        self._courier = courier
        self._wording = wording
        self._clock = clock

    async def run(self, project: Project, webhook: Webhook) -> TrialResult:
        """Call a webhook once. Raises NotFoundError when it was removed meanwhile."""
        body = self._wording.render_test(project, self._clock.now_us())
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        attempt = await self._courier.post(
            f"dlv-{uuid.uuid4()}", webhook.url, body, signer=webhook.id
        )
        return TrialResult(attempt, round((loop.time() - started_s) * 1000))
