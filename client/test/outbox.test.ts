import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { coverAddress } from "../src/pulsegate/recorder/cover.ts";
import { makeOutbox } from "../src/pulsegate/recorder/outbox.ts";
import { renderTime } from "../src/replay/time.ts";

interface Call {
  body: { seq: number; events: { n: number }[]; session_id: string; siteKey?: string };
  keepalive: boolean;
}

type Answer = { status: number; headers?: Record<string, string> } | "lost";

/** Answers the calls of a page one after the other; the last answer goes on. */
const open = (...answers: Answer[]) => {
  const calls: Call[] = [];
  const state = { ended: 0 };
  mock.timers.enable({ apis: ["Date"], now: 1e12 });
  mock.method(globalThis, "fetch", async (_url: string, init: RequestInit) => {
    const { body } = init;
    const text = body instanceof Blob ? gunzipSync(Buffer.from(await body.arrayBuffer())).toString() : `${body}`;
    calls.push({ body: JSON.parse(text), keepalive: init.keepalive === true });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer == "lost") throw new TypeError("no line");
    return new Response("{}", { status: answer.status, headers: answer.headers ?? {} });
  });
  globalThis.self ??= globalThis as never;
  const place = { url: "/track/recording", siteKey: "pk", session_id: "s", visitor_id: "v" };
  const outbox = makeOutbox({ ...place, isRunning: () => true, end: () => {} }, () => state.ended++);
  return { calls, outbox, state };
};

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

const close = (): void => {
  mock.timers.reset();
  mock.restoreAll();
};

const pass = (ms: number): void => mock.timers.setTime(Date.now() + ms);

test("a piece carries its events, and the next one another number", async () => {
  const { calls, outbox } = open({ status: 200 });
  outbox.put({ n: 1 });
  outbox.put({ n: 2 });
  outbox.flush();
  await settle();
  outbox.put({ n: 3 });
  outbox.flush();
  await settle();
  assert.deepEqual(calls.map(({ body }) => body.events.map(({ n }) => n)), [[1, 2], [3]]);
  assert.equal(calls[1]!.body.seq, calls[0]!.body.seq + 1);
  assert.equal(calls[0]!.body.siteKey, "pk");
  outbox.flush();
  await settle();
  assert.equal(calls.length, 2);
  close();
});

test("what got lost or came too fast is sent again by the same number, later", async () => {
  const { calls, outbox, state } = open("lost", { status: 429, headers: { "Retry-After": "20" } }, { status: 200 });
  outbox.put({ n: 1 });
  outbox.flush();
  await settle();
  outbox.flush();
  await settle();
  assert.equal(calls.length, 1);
  pass(5_000);
  outbox.flush();
  await settle();
  pass(19_000);
  outbox.flush();
  await settle();
  assert.equal(calls.length, 2);
  pass(1_000);
  outbox.flush();
  await settle();
  assert.equal(calls.length, 3);
  assert.equal(new Set(calls.map(({ body }) => body.seq)).size, 1);
  assert.equal(state.ended, 0);
  close();
});

for (const [what, answer] of Object.entries({
  "a refusal": { status: 403 },
  "a full recording": { status: 413 },
  "a day that is used up": { status: 429, headers: { "Retry-After": "40000" } },
}))
  test(`${what} ends the recording`, async () => {
    const { calls, outbox, state } = open(answer);
    outbox.put({ n: 1 });
    outbox.flush();
    await settle();
    outbox.put({ n: 2 });
    outbox.flush();
    outbox.leave();
    await settle();
    assert.equal(calls.length, 1);
    assert.equal(state.ended, 1);
    close();
  });

test("a server that stays away is left alone after eight attempts", async () => {
  const { calls, outbox, state } = open({ status: 503 });
  outbox.put({ n: 1 });
  for (let turn = 0; turn < 12; turn++) {
    outbox.flush();
    await settle();
    pass(60_000);
  }
  assert.equal(calls.length, 8);
  assert.equal(state.ended, 1);
  close();
});

test("what outlives the page stays below what browsers allow", async () => {
  const { calls, outbox } = open({ status: 200 });
  for (let n = 0; n < 10; n++) outbox.put({ n, text: "x".repeat(9_000) });
  outbox.leave();
  await settle();
  const last = calls.find(({ keepalive }) => keepalive)!;
  assert.ok(JSON.stringify(last.body).length < 50_000);
  assert.equal(calls.flatMap(({ body }) => body.events).length, 10);
  assert.equal(new Set(calls.map(({ body }) => body.seq)).size, 2);
  close();
});

test("a page's address loses what may carry names, and nothing else is touched", () => {
  globalThis.location = { origin: "https://shop.example", pathname: "/p" } as never;
  const page = { type: 4, data: { href: "https://shop.example/p?mail=x#y", width: 1 } };
  assert.deepEqual(coverAddress(page).data, { href: "https://shop.example/p", width: 1 });
  const other = { type: 3, data: { href: "https://shop.example/p?mail=x" } };
  assert.deepEqual(coverAddress(other).data, { href: "https://shop.example/p?mail=x" });
});

test("lengths are written as clocks write them", () => {
  assert.deepEqual([0, 999, 65_000, 3_729_000, -5].map(renderTime), ["0:00", "0:00", "1:05", "1:02:09", "0:00"]);
});
