import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCall } from "../src/pulse/parse-call.ts";

test("takes the documented object as it is", () => {
  const payload = { name: "purchase", revenue_amount: 49.99, data: { plan: "pro" } };
  assert.deepEqual(parseCall("event", payload), ["event", payload]);
});

test("names the positions of an event", () => {
  assert.deepEqual(parseCall("event", "purchase", { plan: "pro" }, 49.99, "EUR"), [
    "event",
    { name: "purchase", data: { plan: "pro" }, revenue_amount: 49.99, revenue_currency: "EUR" },
  ]);
});

test("sends a search under the name of the collect endpoint", () => {
  const payload = { query: "guide", results_count: 12 };
  assert.deepEqual(parseCall("search", payload), ["search_query", payload]);
  assert.deepEqual(parseCall("search", "guide", 12), ["search_query", payload]);
});

test("names the positions of a survey response", () => {
  const answers = [{ question_id: "q1", value: 9 }];
  assert.deepEqual(parseCall("survey_response", "s1", answers, true), [
    "survey_response",
    { survey_id: "s1", answers, completed: true },
  ]);
});

test("puts traits where identify wants them", () => {
  assert.deepEqual(parseCall("identify", { plan: "pro" }), [
    "identify",
    { traits: { plan: "pro" } },
  ]);
});
