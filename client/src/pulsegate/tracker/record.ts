import { recall, remember } from "../../echelon/store.ts";
import type { StartRecorder } from "../../type/recorder.ts";
import { isRefused } from "./identity.ts";
import { locate, readSiteKey } from "./place.ts";
import { find } from "./session.ts";

const ENDED_KEY = "_pg_unrecorded";

/** Loads the recorder where the site wants it, the visitor has not refused, and the server takes it. */
export const record = async (): Promise<void> => {
  const known = find();
  if (!known?.config.recordSession || isRefused() || recall(ENDED_KEY) == known.session_id) return;
  const { session_id, visitor_id } = known;
  const file = (await import(locate(`/api/${RECORDER_FILE}`))) as { default: StartRecorder };
  file.default({
    ...{ session_id, visitor_id },
    url: locate("/track/recording"),
    siteKey: readSiteKey(),
    isRunning: () => find()?.session_id == session_id,
    end: () => remember(ENDED_KEY, session_id),
  });
};
