import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSelector } from "../src/module/render-selector.ts";

test("prefers the id to classes", () => {
  assert.equal(renderSelector({ tagName: "BUTTON", id: "buy", classList: ["cta"] }), "button#buy");
});

test("names two classes at most", () => {
  const classList = ["cta", "primary", "large"];
  assert.equal(renderSelector({ tagName: "A", id: "", classList }), "a.cta.primary");
});

test("names a bare element by its tag", () => {
  assert.equal(renderSelector({ tagName: "MAIN", id: "", classList: [] }), "main");
});
