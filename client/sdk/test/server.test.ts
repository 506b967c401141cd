import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import {
  KeyError,
  PulseServer,
  type PulseServerOptions,
  RefusedError,
  UndeliveredError,
  UsageError,
} from "../src/server.ts";

interface Seen {
  path: string;
  headers: IncomingHttpHeaders;
  body: any;
}
interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

let seen: Seen[] = [];
let replies: Reply[] = [];
let url = "";

const http = createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    seen.push({ path: request.url!, headers: request.headers, body: JSON.parse(text) });
    const { status = 200, headers = {}, body = { ok: true } } = replies.shift() ?? {};
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(typeof body == "string" ? body : JSON.stringify(body));
  });
});

before(async () => {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
after(() => {
  http.closeAllConnections();
  http.close();
});
beforeEach(() => {
  seen = [];
  replies = [];
});

const make = (options: Partial<PulseServerOptions> = {}): PulseServer =>
  new PulseServer({ apiKey: "pa_live_test", apiUrl: `${url}/`, batchInterval: 10, ...options });
const EVENT = { type: "event", name: "renewed", data: { plan: "pro" } } as const;

test("sends the documented body with key, id and the time of the call", async () => {
  const before_ms = Date.now();
  assert.deepEqual(await make().collect(EVENT), { status: "accepted" });
  const [{ path, headers, body }] = seen as [Seen];
  const { id, timestamp, ...rest } = body;
  assert.equal(path, "/api/collect");
  assert.equal(headers["x-pulse-key"], "pa_live_test");
  assert.deepEqual(rest, EVENT);
  assert.match(id, /^[a-z0-9]{20,128}$/);
  assert.ok(timestamp >= before_ms && timestamp <= Date.now());
});

test("says why an event was dropped", async () => {
  replies = [{ headers: { "Footfall-Dropped": "module_off" } }];
  assert.deepEqual(await make().collect(EVENT), { status: "dropped", reason: "module_off" });
});

test("repeats with the same id, and a repetition that was there already is accepted", async () => {
  const stored = { headers: { "Footfall-Dropped": "duplicate" } };
  replies = [{ status: 503, body: { error: "later" } }, stored];
  assert.deepEqual(await make().collect(EVENT), { status: "accepted" });
  assert.deepEqual(seen[0]!.body, seen[1]!.body);
});

test("a duplicate at the first try is the caller's own", async () => {
  replies = [{ headers: { "Footfall-Dropped": "duplicate" } }];
  const outcome = await make().collect({ ...EVENT, id: "order-7" });
  assert.deepEqual(outcome, { status: "dropped", reason: "duplicate" });
  assert.equal(seen[0]!.body.id, "order-7");
});

test("rejects a refusal with the server's sentence, without a second try", async () => {
  const error = "Invalid request body: missing required field 'name'.";
  replies = [{ status: 400, body: { error } }];
  await assert.rejects(make().collect({ type: "event", name: "" }), (thrown) => {
    assert.ok(thrown instanceof RefusedError);
    assert.deepEqual([thrown.message, thrown.status, thrown.name], [error, 400, "RefusedError"]);
    return true;
  });
  assert.equal(seen.length, 1);
});

test("asks no more once the key was refused", async () => {
  replies = [{ status: 401, body: { error: "Invalid API key." } }];
  const pulse = make();
  await assert.rejects(pulse.collect(EVENT), KeyError);
  await assert.rejects(pulse.collect(EVENT), KeyError);
  assert.equal(seen.length, 1);
});

test("rejects when time is up, and takes a page of somebody else for no answer", async () => {
  replies = [{ body: "<html>Welcome to our hotel</html>" }];
  await assert.rejects(make({ timeout: 100 }).collect(EVENT), UndeliveredError);
});

test("a rejected promise that nobody awaits does not end the program", async () => {
  replies = [{ status: 400, body: { error: "no" } }];
  void make().collect(EVENT);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(seen.length, 1);
});

test("honours Retry-After", async () => {
  replies = [{ status: 429, headers: { "Retry-After": "1" }, body: { error: "slow" } }];
  const before_ms = Date.now();
  await make().collect(EVENT);
  assert.ok(Date.now() - before_ms >= 1000);
});

test("cuts a batch into hundreds and adds up what became of them", async () => {
  replies = [
    { body: { ok: true, accepted: 98 }, headers: { "Footfall-Dropped": "duplicate=1, excluded=1" } },
    { body: { ok: true, accepted: 49 }, headers: { "Footfall-Dropped": "excluded=1" } },
  ];
  const outcome = await make().batch(Array.from({ length: 150 }, () => EVENT));
  assert.deepEqual(outcome, { accepted: 147, dropped: { duplicate: 1, excluded: 2 } });
  assert.deepEqual(seen.map(({ path, body }) => [path, body.events.length]), [
    ["/api/batch", 100],
    ["/api/batch", 50],
  ]);
});

test("an empty batch asks nobody", async () => {
  assert.deepEqual(await make().batch([]), { accepted: 0, dropped: {} });
  assert.equal(seen.length, 0);
});

test("passes the visitor's request on, and never mixes visitors in one request", async () => {
  const pulse = make();
  for (const n of [1, 2, 1])
    pulse.track(EVENT, { ip: `203.0.113.${n}`, userAgent: `Browser/${n}`, language: "de" });
  await pulse.flush();
  const sent = seen.map(({ headers, body }) => [
    headers["x-forwarded-for"],
    headers["user-agent"],
    headers["accept-language"],
    body.events?.length ?? 1,
  ]);
  assert.deepEqual(sent, [
    ["203.0.113.1", "Browser/1", "de", 2],
    ["203.0.113.2", "Browser/2", "de", 1],
  ]);
});

test("refuses what cannot stand in a header", async () => {
  await assert.rejects(make().collect(EVENT, { userAgent: "a\r\nX-Other: 1" }), RefusedError);
  assert.equal(seen.length, 0);
});

test("track never throws and tells what went wrong", async () => {
  const errors: string[] = [];
  const pulse = make({ onError: (error) => errors.push(error.name) });
  pulse.track({ type: "event", name: "large", data: { text: "x".repeat(70_000) } });
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  pulse.track({ type: "event", name: "circle", data: circle });
  await pulse.close();
  pulse.track(EVENT);
  assert.deepEqual(errors, ["RefusedError", "RefusedError", "UsageError"]);
  await assert.rejects(pulse.collect(EVENT), UsageError);
});

test("flush waits for what is under way and says what is left", async () => {
  replies = Array.from({ length: 9 }, () => ({ status: 500, body: {} }));
  const pulse = make();
  pulse.track(EVENT);
  pulse.track(EVENT);
  await assert.rejects(pulse.flush({ timeout: 50 }), (error) => {
    assert.ok(error instanceof UndeliveredError);
    assert.equal(error.count, 2);
    return true;
  });
  replies = [];
  await pulse.flush();
  assert.equal(seen.at(-1)!.body.events.length, 2);
});

test("refuses to be made without a key or an address", () => {
  assert.throws(() => new PulseServer({ apiKey: "", apiUrl: url }), UsageError);
  assert.throws(() => new PulseServer({ apiKey: "k", apiUrl: "footfall" }), /apiUrl is 'footfall'/);
  assert.throws(() => new PulseServer({ apiKey: "k" } as PulseServerOptions), UsageError);
});
