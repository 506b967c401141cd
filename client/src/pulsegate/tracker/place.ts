import type { SessionOptions } from "../../type/pulsegate.ts";

// A deferred classic script is `currentScript` while it runs; a bundled one has none.
const own = (document.currentScript as HTMLScriptElement | null)?.src;

let given: SessionOptions = {};

/** Takes what the page says about the server. */
export const settle = (options: SessionOptions): void => {
  given = options;
};

/** The site key of the page, if it has one. */
export const readSiteKey = (): string | undefined => given.siteKey;

/** Returns an address of the server. */
export const locate = (path: string): string =>
  (given.endpoint || new URL(own || location.href).origin).replace(/\/+$/, "") + path;

/** Posts a body; a plain text needs no preflight. */
export const post = (path: string, body: object, isLeaving = false): Promise<Response> => {
  const text = JSON.stringify({ siteKey: given.siteKey, ...body });
  // Browsers let 64 KiB outlive the page; what is larger must go while the page is there.
  const keepalive = isLeaving && text.length < 5e4;
  return fetch(locate(path), { method: "POST", body: text, keepalive });
};
