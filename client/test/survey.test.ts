import assert from "node:assert/strict";
import { test } from "node:test";
import { measureContrast, pickEdge, pickInk } from "../src/survey/color.ts";
import { matchPage } from "../src/survey/match-page.ts";

test("measures contrast as WCAG does", () => {
  assert.equal(measureContrast("#fff", "#000000").toFixed(2), "21.00");
  // The pair that WebAIM's checker gives 4.48 to 1.
  assert.equal(measureContrast("#777777", "#ffffff").toFixed(2), "4.48");
});

test("writes readable letters on every colour", () => {
  const shades = ["00", "33", "66", "80", "99", "cc", "ff"];
  for (const r of shades)
    for (const g of shades)
      for (const b of shades) {
        const color = `#${r}${g}${b}`;
        assert.ok(measureContrast(pickInk(color), color) >= 4.2, color);
      }
});

test("draws an edge in ink where the colour would vanish", () => {
  assert.equal(pickEdge("#fde047", "#ffffff", "#16181d"), "#16181d");
  assert.equal(pickEdge("#3b5bdb", "#ffffff", "#16181d"), "#3b5bdb");
});

test("matches pages as patterns say", () => {
  assert.ok(matchPage("/anything", undefined));
  assert.ok(matchPage("/anything", []));
  assert.ok(matchPage("/app/a/b", ["/dashboard", "/app/*"]));
  assert.ok(matchPage("/dashboard/", ["/dashboard"]));
  assert.ok(!matchPage("/dashboards", ["/dashboard"]));
  assert.ok(!matchPage("/xapp/a", ["/app/*"]));
  assert.ok(!matchPage("/aXb", ["/a.b"]));
  assert.ok(matchPage("/de/preise/x", ["*/preise/*"]));
});
