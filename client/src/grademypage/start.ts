import type { Assignment } from "../type/grademypage.ts";
import { reportAttention, resetAttention, watchAttention } from "./attention.ts";
import { guard } from "./guard.ts";
import { watchPage } from "./page.ts";
import { isRefused } from "./place.ts";
import { flush } from "./queue.ts";
import { track } from "./track.ts";

/** Starts to count. `getExperimentAssignments` tells what the visitor was shown, `enter` is called
 * for every page, also within a single-page app. */
export const start = (getExperimentAssignments: () => Assignment[], enter: () => void): void => {
  self.grademypage = {
    track,
    trackConversion: (eventName, eventData) => track("conversion", { eventName, eventData }),
    getExperimentAssignments,
  };
  if (isRefused) return;
  track("pageview");
  enter();
  watchAttention();
  watchPage(
    guard(() => {
      reportAttention();
      resetAttention();
      track("pageview");
      enter();
    }),
  );
  const leave = guard(() => {
    reportAttention();
    flush();
  });
  addEventListener("pagehide", leave);
  addEventListener("visibilitychange", () => document.hidden && leave());
};
