import type { Entry } from "./entry.ts";

/** The server takes so many events in one request. */
export const MOST_EVENTS = 100;

export interface BatchLimit {
  readonly events: number;
  readonly bytes: number;
}

// `{"events":[]}` and a comma for each.
const FRAME_BYTES = 13;

/**
 * The next batch: the oldest entry and those after it that fit beside it and come from the same
 * visitor's request. Empty when not even the first fits.
 */
export const cutBatch = (entries: readonly Entry[], limit: BatchLimit): Entry[] => {
  const batch: Entry[] = [];
  let size_bytes = FRAME_BYTES;
  for (const entry of entries) {
    if (entry.from != entries[0]!.from) continue;
    size_bytes += entry.size_bytes + 1;
    if (batch.length >= Math.min(limit.events, MOST_EVENTS) || size_bytes > limit.bytes) break;
    batch.push(entry);
  }
  return batch;
};
