import type { Mark, Source } from "../type/replay.ts";
import { make } from "./element.ts";
import { loadEvents } from "./load.ts";
import { FULL_SNAPSHOT, isPlayable, type Player, showPlayer } from "./player.ts";

const NOTHING = "There is no picture in this recording: its first piece was never received.";

/** A page is counted before it is pictured: the recorder loads last. */
const LATE_MS = 5e3;

/** Loads a recording into `place` and follows it in the timeline, whose items carry `data-at`. */
export const showRecording = async (place: HTMLElement, source: Source, timeline: HTMLElement): Promise<void> => {
  const bar = make("progress", { max: 1, value: 0, "aria-label": "Loading" });
  place.replaceChildren(make("p", { class: "replay-waits" }, "Loading the recording … ", bar));
  const { events, missing } = await loadEvents(source, (part) => (bar.value = part));
  if (!isPlayable(events)) {
    place.replaceChildren(make("p", { class: "note" }, NOTHING));
    return;
  }
  const items = [...timeline.querySelectorAll<HTMLElement>("[data-at]")];
  const readAt = (item: HTMLElement): number => Number(item.dataset["at"]);
  const marks: Mark[] = items.map((item) => ({
    at_ms: readAt(item),
    kind: item.dataset["kind"] ?? "",
    title: item.dataset["title"] ?? "",
  }));
  let current: HTMLElement | undefined;
  const follow = (at_ms: number): void => {
    const last = items.filter((item) => readAt(item) <= at_ms + 50).at(-1);
    if (last == current) return;
    current?.removeAttribute("aria-current");
    last?.setAttribute("aria-current", "true");
    current = last;
    // Within its own box: the page itself must not jump.
    if (last && timeline.scrollHeight > timeline.clientHeight)
      timeline.scrollTop = last.offsetTop - timeline.offsetTop - timeline.clientHeight / 2;
  };
  const player: Player = showPlayer(place, events, marks, follow);
  const begin = Math.min(...events.map(({ timestamp }) => timestamp));
  const pictures = events.filter(({ type }) => type == FULL_SNAPSHOT).map(({ timestamp }) => timestamp - begin);
  const land = (item: HTMLElement): number => {
    const at_ms = readAt(item);
    const picture = pictures.find((taken_ms) => taken_ms >= at_ms);
    const isLate = item.dataset["kind"] == "view" && picture !== undefined && picture - at_ms < LATE_MS;
    return isLate ? picture + 1 : at_ms;
  };
  for (const item of items) item.addEventListener("click", () => player.seek(land(item)));
  if (missing)
    place.append(
      make("p", { class: "note" }, `${missing} of ${source.urls.length} pieces are gone; the picture may have gaps.`),
    );
};
