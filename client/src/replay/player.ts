import { type eventWithTime, Replayer } from "rrweb";
import type { Mark } from "../type/replay.ts";
import { icon, make } from "./element.ts";
import { renderTime } from "./time.ts";

const SPEEDS = [0.5, 1, 2, 4, 8];
const STEP_MS = 5e3;

/** A pause that is worth skipping. */
const PAUSE_MS = 5e3;

/** Of the window's height, so that the controls stay in sight. */
const MOST_HEIGHT = 0.68;

/** What rrweb calls the picture of a whole page. */
export const FULL_SNAPSHOT = 2;

/** What a page works a player with. */
export interface Player {
  seek(at_ms: number): void;
}

/** Tells whether there is anything to be shown. */
export const isPlayable = (events: eventWithTime[]): boolean =>
  events.length > 1 && events.some(({ type }) => type == FULL_SNAPSHOT);

/** Shows a recording with its controls; `follow` hears where it is, ms, several times a second. */
export const showPlayer = (
  place: HTMLElement,
  events: eventWithTime[],
  marks: Mark[],
  follow: (at_ms: number) => void,
): Player => {
  const screen = make("div", { class: "replay-screen" });
  const stage = make("div", { class: "replay-stage" }, screen);
  const button = make("button", { type: "button", class: "replay-play" });
  const clock = make("output", { class: "replay-clock" });
  const seek = make("input", { type: "range", min: 0, step: 100, "aria-label": "Position" });
  const ticks = make("div", { class: "replay-ticks", "aria-hidden": "true" });
  const speed = make("select", { "aria-label": "Speed" });
  const skip = make("input", { type: "checkbox", checked: true });
  for (const times of SPEEDS) speed.append(new Option(`${times}×`, `${times}`, times == 1, times == 1));
  place.replaceChildren(
    stage,
    make(
      "div",
      { class: "replay-controls", role: "group", "aria-label": "Playback" },
      ...[button, clock, make("div", { class: "replay-seek" }, seek, ticks)],
      ...[speed, make("label", { class: "tick" }, skip, " Skip pauses")],
    ),
  );

  const replayer = new Replayer(events, {
    root: screen,
    skipInactive: true,
    inactivePeriodThreshold: PAUSE_MS,
    showWarning: false,
    mouseTail: false,
    // What was recorded is strangers' work: it runs nothing and takes no focus.
    UNSAFE_replayCanvas: false,
    triggerFocus: false,
    useVirtualDom: true,
    logger: { log: () => {}, warn: () => {} },
  });
  const { totalTime } = replayer.getMetaData();
  seek.max = `${totalTime}`;
  let isPlaying = false;
  let isOver = false;

  const fit = (): void => {
    const { offsetWidth, offsetHeight } = replayer.iframe;
    if (!offsetWidth || !offsetHeight) return;
    const scale = Math.min(stage.clientWidth / offsetWidth, (innerHeight * MOST_HEIGHT) / offsetHeight, 1);
    screen.style.width = `${offsetWidth * scale}px`;
    screen.style.height = `${offsetHeight * scale}px`;
    replayer.wrapper.style.transform = `scale(${scale})`;
  };

  const show = (): void => {
    const at_ms = Math.min(Math.max(replayer.getCurrentTime(), 0), totalTime);
    seek.value = `${at_ms}`;
    clock.textContent = `${renderTime(at_ms)} / ${renderTime(totalTime)}`;
    seek.setAttribute("aria-valuetext", renderTime(at_ms));
    seek.style.setProperty("--part", `${totalTime ? (at_ms / totalTime) * 100 : 0}%`);
    follow(at_ms);
  };

  const turn = (plays: boolean): void => {
    isPlaying = plays;
    button.replaceChildren(icon(plays ? "pause" : "play"));
    button.setAttribute("aria-label", plays ? "Pause" : "Play");
    if (plays) requestAnimationFrame(advance);
    show();
  };

  const advance = (): void => {
    if (!isPlaying) return;
    show();
    requestAnimationFrame(advance);
  };

  const play = (from_ms: number): void => {
    isOver = false;
    replayer.play(from_ms);
    turn(true);
  };

  const pause = (): void => {
    replayer.pause();
    turn(false);
  };

  const move = (at_ms: number): void => {
    // What lies before an instant is shown at it, so that the last change needs one more.
    const to_ms = Math.min(Math.max(at_ms, 0), totalTime + 1);
    isOver = false;
    if (isPlaying) replayer.play(to_ms);
    else replayer.pause(to_ms);
    show();
  };

  const toggle = (): void => {
    if (isPlaying) pause();
    else play(isOver ? 0 : replayer.getCurrentTime());
  };

  for (const { at_ms, kind, title } of marks) {
    const left = totalTime ? (Math.min(Math.max(at_ms, 0), totalTime) / totalTime) * 100 : 0;
    const tick = make("i", { class: `replay-tick ${kind}`, title });
    tick.style.left = `${left}%`;
    ticks.append(tick);
  }
  button.addEventListener("click", toggle);
  seek.addEventListener("input", () => move(Number(seek.value)));
  speed.addEventListener("change", () => replayer.setConfig({ speed: Number(speed.value) }));
  skip.addEventListener("change", () => replayer.setConfig({ skipInactive: skip.checked }));
  place.addEventListener("keydown", (event) => {
    const isField = event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement;
    const steps: Record<string, number> = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS };
    const step = steps[event.key];
    if (event.key == " " && !isField && event.target != skip) toggle();
    else if (step && !(event.target instanceof HTMLSelectElement)) move(replayer.getCurrentTime() + step);
    else return;
    event.preventDefault();
  });
  replayer.on("resize", () => setTimeout(fit));
  replayer.on("finish", () => {
    isOver = true;
    turn(false);
  });
  new ResizeObserver(fit).observe(stage);
  turn(false);
  return { seek: move };
};
