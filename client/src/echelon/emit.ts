import type { EchelonEvent } from "../type/echelon.ts";
import { origin, site } from "./setting.ts";
import { session } from "./session.ts";
import { solved } from "./solved.ts";

// The server's limits: events of one beacon, bytes of one event's data.
const MOST_EVENTS = 20;
const MOST_DATA_BYTES = 2048;

// Events of one moment share a beacon.
const WAIT_MS = 1000;

let queue: EchelonEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits. A beacon outlives the page. */
export const flush = (): void => {
  clearTimeout(timer);
  timer = undefined;
  while (queue.length) {
    const body = JSON.stringify({ events: queue.splice(0, MOST_EVENTS), siteId: site, tok: solved });
    const blob = new Blob([body], { type: "text/plain" });
    if (!navigator.sendBeacon?.(`${origin}/e`, blob))
      void fetch(`${origin}/e`, { method: "POST", body, keepalive: true, mode: "no-cors" }).catch(() => {});
  }
};

/** Notes that something happened on this page. */
export const emit = (type: string, data: Record<string, unknown> = {}): void => {
  const given = { path: location.pathname, ...data };
  if (new Blob([JSON.stringify(given)]).size > MOST_DATA_BYTES) return;
  queue.push({ type, data: given, sessionId: session });
  timer ??= setTimeout(flush, WAIT_MS);
};
