// The lazy file: loaded only where a site wants its visits recorded.
import { record } from "@rrweb/record";
import type { eventWithTime } from "rrweb";
import { guard } from "../../module/guard.ts";
import type { StartRecorder } from "../../type/recorder.ts";
import { COVERED, HIDDEN, coverAddress } from "./cover.ts";
import { makeOutbox } from "./outbox.ts";

/** A page that stays open all day is not a visit anybody watches. */
const MOST_MS = 36e5;

const EVERY_MS = 1e4;

/** What is on a page at first is large and comes once: it should not wait. */
const FIRST_MS = 1e3;

/** Records the page as it is seen, with everything typed covered before it is kept anywhere. */
const startRecorder: StartRecorder = (place) => {
  const started = Date.now();
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = (): void => {
    guard(() => stop?.())();
    clearInterval(timer);
    stop = undefined;
  };
  const outbox = makeOutbox(place, () => {
    end();
    place.end();
  });
  const look = guard(() => {
    if (!place.isRunning() || Date.now() - started > MOST_MS) end();
    outbox.flush();
  });
  const leave = guard(() => stop && outbox.leave());
  stop = record({
    emit: guard((event) => outbox.put(coverAddress(event as eventWithTime))),
    // By the tag: every kind of field, also those that are invented later.
    maskInputOptions: { input: true, textarea: true, select: true } as object,
    maskTextSelector: COVERED,
    blockSelector: HIDDEN,
    // What a field holds when it is left, not each key and when it was pressed.
    sampling: { input: "last", scroll: 150, media: 800 },
    slimDOMOptions: "all",
    inlineStylesheet: true,
    recordAfter: "DOMContentLoaded",
    errorHandler: () => true,
  });
  setTimeout(look, FIRST_MS);
  timer = setInterval(look, EVERY_MS);
  addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("pagehide", leave);
};

export default startRecorder;
