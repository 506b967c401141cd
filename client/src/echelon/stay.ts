import { emit, flush } from "./emit.ts";

// Who does nothing for two minutes has left, whatever the tab says.
const IDLE_MS = 120_000;

const seconds = (from: number): number => Math.round((performance.now() - from) / 1000);

/** Reports how long the page is looked at: a bounce where nobody acts, else each look that ends and
 * each return. `hasActed` tells whether somebody acted. */
export const watchStay = (hasActed: () => boolean): void => {
  let since = performance.now();
  let isBounced = false;
  const bounce = (trigger: string): void => {
    if (isBounced || hasActed()) return;
    isBounced = true;
    emit("bounce", { dwell: seconds(since), trigger });
  };
  setTimeout(() => bounce("idle"), IDLE_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      emit("session_resume", { away_s: seconds(since) });
      isBounced = false;
    } else if (hasActed()) emit("session_end", { dwell_s: seconds(since) });
    else bounce("hidden");
    since = performance.now();
    if (document.hidden) flush();
  });
  addEventListener("pagehide", flush);
};
