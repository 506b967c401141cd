import { track } from "./track.ts";

const MARKS = [25, 50, 75, 100];
const BEAT_S = 15;

// Who has not touched anything for this long may have left the room.
const IDLE_S = 30;

let marks = MARKS;
let engagementSeconds = 0;
let idle_s = 0;
let beat = 0;

/** Reports the seconds of attention since the last report. */
export const reportAttention = (): void => {
  if (engagementSeconds) track("engagement", { eventData: { engagementSeconds } });
  engagementSeconds = beat = 0;
};

/** Starts to count anew, for another page. */
export const resetAttention = (): void => {
  marks = MARKS;
  idle_s = 0;
};

/** Counts how far the page is scrolled and for how long it is looked at. */
export const watchAttention = (): void => {
  for (const name of ["pointermove", "pointerdown", "keydown", "scroll"])
    addEventListener(name, () => (idle_s = 0), { passive: true });
  addEventListener("scroll", () => {
    // A pixel of tolerance: zoomed pages end between two.
    const depth = ((scrollY + innerHeight + 1) / document.documentElement.scrollHeight) * 100;
    marks = marks.filter((mark) => {
      if (mark > depth) return true;
      return track("scroll", { eventData: { depth: mark } });
    });
  });
  setInterval(() => {
    if (!document.hidden && idle_s++ < IDLE_S) engagementSeconds++;
    if (++beat >= BEAT_S) reportAttention();
  }, 1e3);
};
