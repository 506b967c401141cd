import { guard } from "./guard.ts";
import { keep, store } from "./storage.ts";

const IDLE_MS = 18e5;
const YEAR_S = 31536e3;

// Every object URL ends in a fresh random UUID; `crypto.randomUUID` exists on https pages only.
const drawId = (): string => URL.createObjectURL(new Blob()).slice(-36);

/** The visitor, in storage and in a cookie: a backend may read it there. */
export let visitorId = store["gmp_vid"] || drawId();

guard(() => {
  visitorId = store["gmp_vid"] || /gmp_vid=([^;]+)/.exec(document.cookie)?.[1] || visitorId;
  document.cookie = `gmp_vid=${visitorId};path=/;max-age=${YEAR_S};samesite=lax`;
})();
keep("gmp_vid", visitorId);

/** Returns the session, a new one after 30 minutes without an event. */
export const findSession = (): string => {
  const now_ms = Date.now();
  if (!(now_ms - +store["gmp_last"]! < IDLE_MS)) keep("gmp_sid", drawId());
  keep("gmp_last", "" + now_ms);
  return store["gmp_sid"]!;
};
