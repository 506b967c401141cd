"""A site that takes leads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dialects.pulsegate.lead_site import LeadSite, open_lead_site


@pytest.fixture
async def lead_site(tmp_path: Path) -> AsyncIterator[LeadSite]:
    async with open_lead_site(tmp_path) as opened:
        yield opened
