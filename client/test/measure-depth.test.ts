import assert from "node:assert/strict";
import { test } from "node:test";
import { measureDepth } from "../src/module/measure-depth.ts";

test("is the share of the page above the lower edge of the window", () => {
  assert.equal(measureDepth(800, 1600), 50);
});

test("stays between 0 and 100 when a page bounces", () => {
  assert.equal(measureDepth(1700, 1600), 100);
  assert.equal(measureDepth(-10, 1600), 0);
});

test("is complete on a page without height", () => {
  assert.equal(measureDepth(800, 0), 100);
});
