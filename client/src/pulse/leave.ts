import { send } from "./send.ts";

const LEAST_MS = 1e3;

let since_ms = Infinity;

/**
 * Reports for how long the page has been visible and starts to count anew.
 * Called whenever the page may have been hidden, shown or left.
 */
export const leave = (): void => {
  const now_ms = performance.now();
  const engagement_ms = now_ms - since_ms;
  if (engagement_ms >= LEAST_MS) send("engagement", { engagement_ms: Math.round(engagement_ms) });
  since_ms = document.hidden ? Infinity : now_ms;
};
