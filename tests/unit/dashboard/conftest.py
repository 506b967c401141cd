from collections.abc import AsyncIterator

import httpx
import pytest

from footfall.clock import FixedClock
from tests.unit.dashboard.fake_house import NOW_US, OPERATOR_TOKEN, READ_KEY, FakeHouse, make_app
from tests.unit.dashboard.fake_reports import FakeReports


@pytest.fixture
def house() -> FakeHouse:
    return FakeHouse()


@pytest.fixture
def reports() -> FakeReports:
    return FakeReports(NOW_US)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW_US)


@pytest.fixture
async def visitor(
    house: FakeHouse, reports: FakeReports, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    transport = httpx.ASGITransport(make_app(house, reports, clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://footfall.test") as client:
        yield client


@pytest.fixture
async def operator(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser in which the operator is signed in."""
    await visitor.post("/dashboard/login", data={"secret": OPERATOR_TOKEN})
    return visitor


@pytest.fixture
async def reader(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser in which the holder of a reading key is signed in."""
    await visitor.post("/dashboard/login", data={"secret": READ_KEY})
    return visitor
