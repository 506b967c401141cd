import type { Detail } from "../type/grademypage.ts";
import { guard } from "./guard.ts";
import { isRefused } from "./place.ts";
import { referrer } from "./page.ts";
import { add } from "./queue.ts";
import { findSession, visitorId } from "./visitor.ts";

let last_ms = 0;

/** Records one event of the page that is open; never throws. */
export const track = guard(
  (eventType: string, detail?: Detail): void => {
    isRefused ||
      add({
        ...detail,
        eventType,
        pathname: location.pathname,
        fullUrl: location.href,
        referrer,
        sessionId: findSession(),
        visitorId,
        // No two events share a millisecond: the time is part of what tells them apart.
        timestamp: (last_ms = Math.max(last_ms + 1, Date.now())),
      });
  },
);
