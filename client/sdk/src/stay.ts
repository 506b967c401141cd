import { guard } from "../../src/module/guard.ts";

// Less is a page that was passed through.
const LEAST_MS = 1000;

/** Measures for how long a page has been visible. */
export class Stay {
  #since_ms = Infinity;

  /** The visible time since the last call in milliseconds, 0 when it is not worth telling. */
  take(): number {
    const now_ms = performance.now();
    const spent_ms = now_ms - this.#since_ms;
    this.#since_ms = document.hidden ? Infinity : now_ms;
    return spent_ms >= LEAST_MS ? Math.trunc(spent_ms) : 0;
  }
}

export interface Presence {
  /** The page may have been shown or hidden. */
  onVisibility: () => void;
  /** The page is being left, perhaps for good. */
  onLeave: () => void;
  /** The browser brought the page back from its memory. */
  onReturn: () => void;
}

/**
 * Watches a page come and go. The listeners sit at the very end of the event's way: whatever else
 * sends something when the page is hidden has done so by then.
 */
export const watchPresence = (
  { onVisibility, onLeave, onReturn }: Presence,
  signal: AbortSignal,
): void => {
  addEventListener("visibilitychange", guard(onVisibility), { signal });
  addEventListener("pagehide", guard(onLeave), { signal });
  const hear = guard((event: PageTransitionEvent) => event.persisted && onReturn());
  addEventListener("pageshow", hear, { signal });
};
