from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import pytest

from footfall.clock import FixedClock
from footfall.errors import StoreError
from footfall.ingest.erasure import Erasure
from footfall.ingest.loader import Loader
from footfall.projects.register import Projects
from footfall.store.objects import open_objects
from footfall.store.warehouse import Warehouse
from tests.unit.projects.fake_records import FakeRecords


class Stores:
    def __init__(self) -> None:
        self.projects = Projects(FakeRecords(), FixedClock(1))
        self.projects.setup()
        self.project = self.projects.create("Shop")
        self.warehouse: Any = create_autospec(Warehouse, instance=True)
        loader: Any = create_autospec(Loader, instance=True)
        loader.wait_loaded = AsyncMock()
        self.objects = open_objects("memory://", Path())
        self.erasure = Erasure(self.projects, self.warehouse, loader, self.objects)


async def test_erases_the_objects_of_this_project_only() -> None:
    stores = Stores()
    number = stores.project.number
    for name in (f"replay/{number}/a", f"replay/{number}/deep/b", f"replay/{number}1/c"):
        stores.objects.save(name, b"x")
    await stores.erasure.erase(stores.project)
    assert list(stores.objects.list("replay")) == [f"replay/{number}1/c"]


async def test_a_warehouse_that_fails_leaves_the_project_for_another_try() -> None:
    stores = Stores()
    stores.warehouse.delete_project.side_effect = StoreError
    with pytest.raises(StoreError):
        await stores.erasure.erase(stores.project)
    assert stores.projects.find("shop") == stores.project
