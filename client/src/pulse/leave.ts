import { send } from "./send.ts";

const LEAST_MS = 1e3;

let since_ms = Infinity;

/**
 * Reports for how long the page has been visible and starts to count anew.
 * Called whenever the page may have been hidden, shown or left.
 */
export const leave = (): void => {
  const now_ms = performance.now();
  const spent_ms = now_ms - since_ms;
  // The shift cuts the fraction off; it is right for 49 days.
  if (spent_ms >= LEAST_MS) send("engagement", { engagement_ms: spent_ms >>> 0 });
  since_ms = document.hidden ? Infinity : now_ms;
};
