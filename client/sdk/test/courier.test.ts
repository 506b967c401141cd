import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Courier, type CourierOptions, MOST_AGE_MS } from "../src/courier.ts";
import { type Entry, renderEntry } from "../src/entry.ts";
import { KeyError, type PulseError, RefusedError, UndeliveredError } from "../src/error.ts";
import type { Answer } from "../src/post.ts";

const HOUR_MS = 3_600_000;

/** A server whose answers a test decides, and everything that happened at it. */
class Server {
  requests: string[][] = [];
  stored: string[] = [];
  errors: PulseError[] = [];
  kept: string[][] = [];
  decide: (names: string[]) => Answer = () => ({ kind: "taken", accepted: 0, dropped: {} });
  hold: Promise<void> | undefined;

  makeCourier(options: Partial<CourierOptions> = {}): Courier {
    return new Courier({
      post: async (entries) => {
        const names = entries.map(readName);
        this.requests.push(names);
        await this.hold;
        const answer = this.decide(names);
        if (answer.kind == "taken") this.stored.push(...names);
        return answer;
      },
      onError: (error) => this.errors.push(error),
      batch: { events: 10, bytes: 65_000 },
      interval_ms: 2000,
      most: { events: 500, bytes: 1_000_000 },
      keep: (entries) => this.kept.push(entries.map(readName)),
      ...options,
    });
  }
}

const readName = (entry: Entry): string => JSON.parse(entry.body).name;
const make = (name: string, type: "event" | "click_event" = "event"): Entry =>
  renderEntry({ type, name, path: "/", x: 1, y: 1 } as never);
const FAILED: Answer = { kind: "failed", reason: "away", wished_ms: 0 };

/** Lets everything that is ready happen. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};
const pass = async (ms: number): Promise<void> => {
  mock.timers.tick(ms);
  await settle();
};

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 }));
afterEach(() => mock.timers.reset());

test("waits for company, then sends all at once and in order", async () => {
  const server = new Server();
  const courier = server.makeCourier();
  courier.add(make("a"));
  await pass(1999);
  courier.add(make("b"));
  assert.deepEqual(server.requests, []);
  await pass(1);
  assert.deepEqual(server.requests, [["a", "b"]]);
  assert.deepEqual(courier.entries, []);
});

test("sends a full batch at once", async () => {
  const server = new Server();
  const courier = server.makeCourier({ batch: { events: 2, bytes: 65_000 } });
  courier.add(make("a"));
  courier.add(make("b"));
  await settle();
  assert.deepEqual(server.requests, [["a", "b"]]);
});

test("never has two requests in flight by itself", async () => {
  const server = new Server();
  let release = (): void => {};
  server.hold = new Promise((resolve) => (release = resolve));
  const courier = server.makeCourier({ batch: { events: 1, bytes: 65_000 } });
  for (const name of ["a", "b", "c"]) courier.add(make(name));
  await settle();
  assert.deepEqual(server.requests, [["a"]]);
  release();
  await settle();
  assert.deepEqual(server.requests, [["a"], ["b"], ["c"]]);
});

test("tries again after 1, 2 and 4 seconds, each less a random part", async () => {
  mock.method(Math, "random", () => 0);
  const server = new Server();
  server.decide = () =>
    server.requests.length < 4 ? FAILED : { kind: "taken", accepted: 1, dropped: {} };
  const entry = make("a");
  const courier = server.makeCourier();
  courier.add(entry);
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    const before = server.requests.length;
    await pass(100);
    if (server.requests.length > before) times.push(Date.now() - 1_700_000_000_000);
  }
  assert.deepEqual(times, [2000, 3000, 5000, 9000]);
  assert.deepEqual(server.stored, ["a"]);
  mock.restoreAll();
});

test("waits as long as the server wishes", async () => {
  const server = new Server();
  server.decide = () =>
    server.requests.length < 2
      ? { kind: "failed", reason: "busy", wished_ms: 30_000 }
      : { kind: "taken", accepted: 1, dropped: {} };
  const courier = server.makeCourier();
  courier.add(make("a"));
  await pass(2000);
  await pass(29_999);
  assert.equal(server.requests.length, 1);
  await pass(1001);
  assert.deepEqual(server.stored, ["a"]);
});

test("finds the bad events of a batch and delivers the others", async () => {
  const server = new Server();
  server.decide = (names) =>
    names.some((name) => name.startsWith("bad"))
      ? { kind: "refused", error: new RefusedError("Invalid request body: it is bad.", 400) }
      : { kind: "taken", accepted: names.length, dropped: {} };
  const courier = server.makeCourier();
  for (const name of ["a", "bad1", "b", "c", "d", "bad2", "e"]) courier.add(make(name));
  await pass(2000);
  assert.deepEqual(server.stored, ["a", "b", "c", "d", "e"]);
  assert.equal(server.errors.length, 2);
  assert.ok(server.errors.every((error) => error instanceof RefusedError));
  assert.deepEqual(courier.entries, []);
});

test("stops at a refused key, tells once and takes nothing more", async () => {
  const server = new Server();
  server.decide = () => ({ kind: "forbidden", error: new KeyError("Invalid API key.", 401) });
  const courier = server.makeCourier();
  courier.add(make("a"), make("b"));
  await pass(2000);
  courier.add(make("c"));
  courier.retry();
  await pass(100_000);
  assert.deepEqual(server.requests, [["a", "b"]]);
  assert.deepEqual(server.errors.map(({ message }) => message), ["Invalid API key."]);
  assert.deepEqual(courier.entries, []);
});

test("goes on with what a limited key still opens", async () => {
  const server = new Server();
  const error = new KeyError("API key does not have access to module 'heatmaps'", 403);
  server.decide = (names) =>
    names.includes("click")
      ? { kind: "forbidden", error }
      : { kind: "taken", accepted: 1, dropped: {} };
  const courier = server.makeCourier();
  courier.add(make("a"), make("click", "click_event"), make("b"));
  await pass(2000);
  courier.add(make("click", "click_event"), make("c"));
  await pass(2000);
  assert.deepEqual(server.stored, ["a", "b", "c"]);
  assert.deepEqual(server.requests.at(-1), ["c"]);
  assert.equal(server.errors.length, 1);
});

test("gives up the oldest beyond the bound and says how many", async () => {
  const server = new Server();
  server.decide = () => FAILED;
  const courier = server.makeCourier({ most: { events: 3, bytes: 1_000_000 } });
  for (const name of ["a", "b", "c", "d", "e"]) courier.add(make(name));
  assert.deepEqual(courier.entries.map(readName), ["c", "d", "e"]);
  assert.equal(server.errors.reduce((n, e) => n + (e as UndeliveredError).count, 0), 2);
});

test("gives up what is older than the server would believe", async () => {
  const server = new Server();
  server.decide = () => FAILED;
  const courier = server.makeCourier();
  courier.add(make("old"));
  await pass(2000);
  mock.timers.setTime(Date.now() + MOST_AGE_MS - HOUR_MS);
  courier.add(make("young"));
  mock.timers.setTime(Date.now() + 2 * HOUR_MS);
  server.decide = () => ({ kind: "taken", accepted: 1, dropped: {} });
  courier.retry();
  await settle();
  assert.deepEqual(server.stored, ["young"]);
  assert.ok(server.errors[0] instanceof UndeliveredError);
});

test("keeps nothing until a delivery failed, then until all is delivered", async () => {
  const server = new Server();
  const courier = server.makeCourier();
  courier.add(make("fine"));
  await pass(2000);
  assert.deepEqual(server.kept, []);
  server.decide = () => FAILED;
  courier.add(make("a"));
  await pass(2000);
  courier.add(make("b"));
  server.decide = () => ({ kind: "taken", accepted: 1, dropped: {} });
  await pass(60_000);
  assert.deepEqual(server.kept, [["a"], ["a", "b"], []]);
});

test("sends at once only what fits beside what is in flight", async () => {
  const server = new Server();
  server.hold = new Promise(() => {});
  const courier = server.makeCourier({ batch: { events: 100, bytes: 400 } });
  for (let i = 0; i < 8; i++) courier.add(make(`n${i}`));
  courier.sendAll();
  await settle();
  const bytes = courier.entries.slice(0, server.requests.flat().length);
  assert.ok(server.requests.flat().length < 8);
  assert.ok(bytes.reduce((sum, { size_bytes }) => sum + size_bytes, 0) <= 400);
  const count = server.requests.length;
  courier.sendAll();
  assert.equal(server.requests.length, count);
});

test("survives a listener that throws", async () => {
  const server = new Server();
  server.decide = () => ({ kind: "refused", error: new RefusedError("no", 400) });
  const courier = server.makeCourier({
    onError: () => {
      throw new Error("host");
    },
  });
  courier.add(make("a"));
  await pass(2000);
  assert.deepEqual(courier.entries, []);
});

test("drains: resolves when all is confirmed, or when time is up", async () => {
  const server = new Server();
  const courier = server.makeCourier();
  courier.add(make("a"));
  await courier.drain(1000);
  assert.deepEqual(server.stored, ["a"]);
  server.decide = () => FAILED;
  courier.add(make("b"));
  const drained = courier.drain(1000);
  await pass(1000);
  await drained;
  assert.equal(courier.entries.length, 1);
});
