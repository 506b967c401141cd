import type { PulseGateSession, SessionOptions } from "../../type/pulsegate.ts";
import { guard } from "../../module/guard.ts";
import { settle } from "./place.ts";
import { flush, put, watchQueue } from "./queue.ts";
import { record } from "./record.ts";
import { find } from "./session.ts";
import { watch } from "./watch.ts";

let isOpen = false;

const start = (): void => {
  // What the page sees first must be heard first: leaving flushes what these have noted.
  watch();
  watchQueue();
  // Nothing of a recording competes with the page: it begins once the first events are sent.
  void flush().then(record).catch(() => {});
};

/** The documented global; nothing of it ever throws. */
export const session: PulseGateSession = {
  init: guard((options: SessionOptions = {}) => {
    if (isOpen) return;
    isOpen = true;
    settle(options);
    // A page that is rendered ahead is not looked at yet.
    const page = document as Document & { prerendering?: boolean };
    if (page.prerendering) page.addEventListener("prerenderingchange", start, { once: true });
    else start();
  }),
  trackEvent: guard((name: string, data?: Record<string, unknown>) =>
    put(String(name).slice(0, 64), data && { data }),
  ),
  flush: guard(() => void flush()),
  get ids() {
    const known = find();
    return known && { session_id: known.session_id, visitor_id: known.visitor_id };
  },
};
