import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { makeOnce } from "../src/pulsegate/form/once.ts";
import { throttle } from "../src/pulsegate/tracker/throttle.ts";

test("a throttled function runs at once, then with what was given last", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const calls: number[] = [];
  const act = throttle(100, (value: number) => calls.push(value));
  act(1);
  act(2);
  act(3);
  assert.deepEqual(calls, [1]);
  mock.timers.tick(100);
  assert.deepEqual(calls, [1, 3]);
  mock.timers.tick(100);
  act(4);
  assert.deepEqual(calls, [1, 3, 4]);
  mock.timers.reset();
});

test("a form that is sent again has the same id, one that was changed another", () => {
  const once = makeOnce();
  const first = once({ EMAIL: "a@example.com", __pg_tts: 4.2 });
  assert.match(String(first.__pg_sid), /^[0-9a-f]{32}$/);
  assert.equal(first.__pg_tts, 4.2);
  const again = once({ EMAIL: "a@example.com", __pg_tts: 9.9 });
  assert.equal(again.__pg_sid, first.__pg_sid);
  const changed = once({ EMAIL: "b@example.com", __pg_tts: 12 });
  assert.notEqual(changed.__pg_sid, first.__pg_sid);
  assert.notEqual(makeOnce()({ EMAIL: "a@example.com", __pg_tts: 4.2 }).__pg_sid, first.__pg_sid);
});
