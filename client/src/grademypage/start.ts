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
  const view = (): void => track("pageview");
  // Pages that are rendered ahead or opened in the background are seen later, or never.
  if (document.hidden) addEventListener("visibilitychange", view, { once: true });
  else view();
  enter();
  watchAttention();
  watchPage(
    guard(() => {
      reportAttention();
      resetAttention();
      view();
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
