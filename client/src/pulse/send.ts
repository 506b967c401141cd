import type { Send } from "../type/send.ts";
import { deliver } from "./deliver.ts";
import { path, referrer } from "./page.ts";

// Browsers allow 64 KiB in flight for requests that outlive the page.
const MOST_BYTES = 65536;

let last_ms = 0;

// Requests overtake each other. Whichever event arrives first can open a session, so each says
// where the visitor came from, and no two share a millisecond.
export const send: Send = (type, payload) => {
  try {
    const body = JSON.stringify({
      type,
      payload: {
        path,
        referrer,
        screen: screen.width + "x" + screen.height,
        language: navigator.language,
        ...payload,
      },
      timestamp: (last_ms = Math.max(last_ms + 1, Date.now())),
      // Either part alone is enough; browsers without crypto still have the second.
      id: "" + self.crypto?.getRandomValues(new Uint32Array(2)) + Math.random(),
    });
    if (new Blob([body]).size < MOST_BYTES) deliver(body);
  } catch {}
};
