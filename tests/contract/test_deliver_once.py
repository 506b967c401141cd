"""Two workers, each with records of its own on one database, as two nodes: nothing goes twice."""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

from footfall.clock import SystemClock
from footfall.delivery.address import Rule
from footfall.delivery.call import Caller
from footfall.delivery.courier import WebhookCourier
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import Outbox
from footfall.delivery.worker import Worker
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project
from tests.integration.receiver import open_receiver

COUNT = 80


async def test_two_nodes_send_each_delivery_once(
    records: RelationalRecords, records_url: str
) -> None:
    clock = SystemClock()
    async with open_receiver() as receiver:
        receiver.delay_s = 0.005
        port = urlsplit(receiver.url).port
        with records.transaction() as t:
            number = t.add("projects", project())
            outbox = Outbox(records, clock)
            for index in range(COUNT):
                # Names of their own, so that one receiver's two places are no bottleneck.
                url = f"http://r{index % 10}.example:{port}/hook"
                outbox.put(t, Message(number, "wh-1", "test", "webhook", url, "{}"))
        stores = [RelationalRecords(records_url) for _ in range(2)]
        workers = []
        for store in stores:
            caller = Caller(Rule(allows_private=True), resolve=lambda host, port: ["127.0.0.1"])
            courier = WebhookCourier(caller, {})
            workers.append(Worker(Outbox(store, clock), {"webhook": courier}))
        await asyncio.gather(*(worker.run_until_idle() for worker in workers))
        for store in stores:
            store.close()
        came = Counter(r.headers["x-footfall-delivery"] for r in receiver.received)
        assert len(came) == COUNT
        assert set(came.values()) == {1}
        assert outbox.count_all("delivered") == COUNT
