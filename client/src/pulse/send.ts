import type { Send } from "../type/send.ts";
import { deliver } from "./deliver.ts";
import { path } from "./page.ts";

// Browsers allow 64 KiB in flight for requests that outlive the page.
const MOST_BYTES = 65536;

export const send: Send = (type, payload) => {
  try {
    const body = JSON.stringify({
      type,
      payload: { path, ...payload },
      timestamp: Date.now(),
      // Either part alone is enough; browsers without crypto still have the second.
      id: "" + self.crypto?.getRandomValues(new Uint32Array(2)) + Math.random(),
    });
    if (new Blob([body]).size < MOST_BYTES) deliver(body);
  } catch {}
};
