import assert from "node:assert/strict";
import { mock, test } from "node:test";
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
