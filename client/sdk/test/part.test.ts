import assert from "node:assert/strict";
import { test } from "node:test";
import { computeWait, parseRetryAfter } from "../src/backoff.ts";
import { cutBatch } from "../src/batch.ts";
import { PulseClient } from "../src/client.ts";
import { MOST_EVENT_BYTES, renderEntry } from "../src/entry.ts";
import { RefusedError } from "../src/error.ts";
import { isOtherPage } from "../src/navigation.ts";
import { clampOption, parseApiUrl, renderModuleOptions } from "../src/option.ts";
import { renderEvent } from "../src/revenue.ts";

const OPTIONS = { apiKey: "k", apiUrl: "https://footfall.example" };

test("the wait doubles up to a minute, less half of it at most", () => {
  assert.deepEqual([1, 2, 3, 6, 7, 40].map((n) => computeWait(n, 0, 0)), [
    1000, 2000, 4000, 32_000, 60_000, 60_000,
  ]);
  assert.equal(computeWait(3, 0, 0.999_999) >= 2000, true);
});

test("a server's wish is the least, with a little on top to spread the crowd", () => {
  assert.equal(computeWait(1, 5000, 0.5), 5500);
  assert.equal(computeWait(7, 5000, 0), 60_000);
});

test("reads Retry-After as seconds or as a date", () => {
  assert.equal(parseRetryAfter("2", 0), 2000);
  assert.equal(parseRetryAfter("Thu, 01 Jan 1970 00:00:09 GMT", 4000), 5000);
  for (const text of ["soon", "-1", "0", "", null]) assert.equal(parseRetryAfter(text, 0), 0);
  assert.equal(parseRetryAfter("999999999", 0), 3_600_000);
});

test("a batch holds at most a hundred, stays within its bytes and keeps the order", () => {
  const make = (_: unknown, n: number) => renderEntry({ type: "event", name: `${n}` });
  const entries = Array.from({ length: 120 }, make);
  assert.deepEqual(cutBatch(entries, { events: 1000, bytes: 1e6 }), entries.slice(0, 100));
  const { size_bytes } = entries[0]!;
  assert.ok(cutBatch(entries, { events: 100, bytes: size_bytes * 3 + 20 }).length <= 3);
  assert.deepEqual(cutBatch(entries, { events: 100, bytes: 10 }), []);
  assert.deepEqual(cutBatch([], { events: 100, bytes: 10 }), []);
});

test("an event is counted in bytes, not in characters", () => {
  const text = "é".repeat(MOST_EVENT_BYTES / 2);
  assert.throws(() => renderEntry({ type: "event", name: "n", data: { text } }), RefusedError);
});

test("an own time may be a date", () => {
  const { body } = renderEntry({ type: "event", name: "n", timestamp: new Date(1234) });
  assert.equal(JSON.parse(body).timestamp, 1234);
});

test("revenue leaves the properties and becomes the event's own", () => {
  const revenue = { amount: 29.99, currency: "EUR" };
  assert.deepEqual(renderEvent("purchase", { plan: "pro", revenue }), {
    type: "event",
    name: "purchase",
    data: { plan: "pro" },
    revenue_amount: 29.99,
    revenue_currency: "EUR",
  });
});

test("a revenue of another shape stays a property", () => {
  for (const revenue of [29.99, "29.99", null, {}, { amount: "29" }])
    assert.deepEqual(renderEvent("purchase", { revenue }).data, { revenue });
});

test("both names of an option switch it on", () => {
  const documented = {
    vitals: true,
    scrollDepth: true,
    outlinks: true,
    errors: true,
    clicks: true,
    search: true,
  };
  const original = {
    trackWebVitals: true,
    trackScrollDepth: true,
    trackOutlinks: true,
    trackErrors: true,
    trackClicks: true,
    trackSearch: true,
  };
  const names = ["vitals", "scroll", "outlinks", "errors", "clicks", "search"];
  const on = Object.fromEntries(names.map((name) => [name, "true"]));
  assert.deepEqual(renderModuleOptions({ ...OPTIONS, ...documented }), on);
  assert.deepEqual(renderModuleOptions({ ...OPTIONS, ...original }), on);
  assert.deepEqual(renderModuleOptions({ ...OPTIONS, vitals: false, trackWebVitals: true }), {});
});

test("an address loses the slash at its end, and what is none is none", () => {
  assert.equal(parseApiUrl("https://a.example/stats//"), "https://a.example/stats");
  for (const wrong of ["", undefined, "footfall", "ftp://a.example"])
    assert.equal(parseApiUrl(wrong), "");
});

test("a bound is never passed, and nonsense is the default", () => {
  const clamped = [0, 50, 999, NaN, undefined].map((n) => clampOption(n, [1, 10, 100]));
  assert.deepEqual(clamped, [1, 50, 100, 10, 10]);
});

test("a changed query is another page when it was pushed, not when it was tidied", () => {
  assert.equal(isOtherPage("/a?x=1", "/a?x=2", 2), true);
  assert.equal(isOtherPage("/a?x=1", "/a?x=2", 1), false);
  assert.equal(isOtherPage("/a?x=1", "/b?x=1", 1), true);
});

test("the client may be made and called where there is no browser", () => {
  const pulse = new PulseClient({ ...OPTIONS, vitals: true });
  pulse.init();
  pulse.event("a");
  pulse.pageview();
  pulse.grantConsent();
  pulse.revokeConsent();
  pulse.flush();
  pulse.destroy();
});

test("a client without key or address says so once and keeps quiet", () => {
  const said: string[] = [];
  const onError = (error: Error): void => void said.push(error.message);
  const pulse = new PulseClient({ apiKey: "k", apiUrl: "footfall", onError });
  pulse.init();
  pulse.event("a");
  assert.equal(said.length, 1);
  assert.match(said[0]!, /apiUrl is 'footfall'/);
});
