import assert from "node:assert/strict";
import { test } from "node:test";
import vectors from "../../tests/assignment_vectors.json" with { type: "json" };
import { assign } from "../src/experiment/assign.ts";
import { hashText } from "../src/experiment/hash-text.ts";
import type { AssignedExperiment } from "../src/type/experiment.ts";

test("the hash is the one that the server computes", () => {
  for (const { text, hash } of vectors.hashes) assert.equal(hashText(text), hash, text);
});

test("every visitor gets the variant that the server gives", () => {
  for (const { experiment, visitor, variant } of vectors.assignments) {
    const found = assign(vectors.experiments[experiment] as unknown as AssignedExperiment, visitor);
    assert.equal(found?.id ?? null, variant, `${experiment} ${visitor}`);
  }
});
