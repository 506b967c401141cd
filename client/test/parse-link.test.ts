import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLink } from "../src/module/parse-link.ts";

test("calls a link to another host external", () => {
  const href = "https://example.org/page?x=1";
  assert.deepEqual(parseLink(href, "example.com"), { url: href, link_type: "external" });
});

test("does not report a link within the host", () => {
  assert.equal(parseLink("https://example.com/page", "example.com"), null);
});

test("calls a document a download on any host, whatever its case or query", () => {
  for (const path of ["/a.pdf", "/a.PDF?v=2", "/a.tar.gz", "/a.docx#end", "/a.ipa"]) {
    const href = "https://example.com" + path;
    assert.deepEqual(parseLink(href, "example.com"), { url: href, link_type: "download" });
  }
});

test("does not take an ending in the query for a download", () => {
  assert.equal(parseLink("https://example.com/page?file=a.pdf", "example.com"), null);
});

test("leaves mail, telephone and script links alone", () => {
  for (const href of ["mailto:a@example.org", "tel:+123", "javascript:void(0)"])
    assert.equal(parseLink(href, "example.com"), null);
});

test("cuts an address that the server would refuse", () => {
  const payload = parseLink("https://example.org/?" + "x".repeat(5000), "example.com");
  assert.equal((payload!["url"] as string).length, 2048);
});
