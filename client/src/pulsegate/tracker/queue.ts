import type { TrackEvent } from "../../type/pulsegate.ts";
import { post } from "./place.ts";
import { find, open, touch } from "./session.ts";

const MOST_WAITING = 500;
const MOST_SENT = 100;
const EVERY_MS = 5e3;
const WAIT_MS = 1e4;

let queue: TrackEvent[] = [];
let count = 0;
let paused_until = 0;

const page_id = Date.now().toString(36) + Math.random().toString(36).slice(2);

/** Notes an event of this page. */
export const put = (event_type: string, fields: Record<string, unknown> = {}): void => {
  if (queue.length >= MOST_WAITING) return;
  const own = { page: location.href, timestamp: Date.now(), id: page_id + count++ };
  queue.push({ event_type, ...own, ...fields });
};

const putBack = (events: TrackEvent[], wait_ms: number): void => {
  queue = [...events, ...queue].slice(0, MOST_WAITING);
  paused_until = Date.now() + wait_ms;
};

/** Sends what waits, a hundred events at a time; what the server did not take comes back. */
export const flush = async (isLeaving = false): Promise<void> => {
  // A page that is left has no time to begin a session.
  const session = find() ?? (isLeaving ? undefined : await open());
  if (!session || Date.now() < paused_until) return;
  const { session_id, visitor_id } = session;
  while (queue.length) {
    const events = queue.splice(0, MOST_SENT);
    try {
      const body = { session_id, visitor_id, events, sent_at: Date.now() };
      const answer = await post("/track/events/batch", body, isLeaving);
      const wait_s = Number(answer.headers.get("Retry-After"));
      if (answer.status == 429 || answer.status >= 500) return putBack(events, wait_s * 1e3 || WAIT_MS);
      touch();
    } catch {
      return putBack(events, WAIT_MS);
    }
  }
};

/** Sends every few seconds while the page is looked at, and once more when it is hidden. */
export const watchQueue = (): void => {
  setInterval(() => document.hidden || flush(), EVERY_MS);
  addEventListener("visibilitychange", () => document.hidden && flush(true));
  addEventListener("pagehide", () => flush(true));
};
