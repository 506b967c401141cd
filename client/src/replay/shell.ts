import type { Replay, ReplaySession } from "../type/replay.ts";
import { icon, make } from "./element.ts";
import { showRecording } from "./recording.ts";
import { renderTime } from "./time.ts";

const PER_PAGE = 25;

const FIGURES = ["Country", "Length", "Engagement"];

const KINDS: Record<string, string> = {
  page_view: "view",
  click: "click",
  error: "error",
};
const SILENT = new Set(["mousemove", "scroll", "navigation", "visibility_change", "session_start", "session_end"]);

interface Key {
  key: string;
  project: string;
}

const ask = async <T>({ key, project }: Key, path: string, query: Record<string, string> = {}): Promise<T> => {
  const asked = new URLSearchParams({ ...query, ...(project && { project }) });
  const answer = await fetch(`/replay/sessions${path}?${asked}`, { headers: { "X-API-Key": key } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
};

const summarise = (session: ReplaySession): string => {
  const [started, page, country, length, score] = describe(session);
  return `${started} · ${page} · ${country} · ${length} · engagement ${score}`;
};

const describe = ({ entry_page, started_at, duration, country, engagement_score }: ReplaySession): string[] => [
  new Date(started_at).toLocaleString(),
  entry_page,
  country || "Unknown",
  renderTime(duration),
  `${engagement_score}`,
];

const renderTimeline = ({ events, chunks, clock_skew }: Replay): HTMLElement => {
  const begin = (chunks[0]?.first ?? 0) + clock_skew;
  const items = events
    .filter(({ event_type }) => !SILENT.has(event_type))
    .map(({ event_type, element, page, timestamp }) => {
      const title = `${event_type} ${element || page}`;
      const at = Math.max(0, timestamp - begin);
      const data = { "data-at": at, "data-kind": KINDS[event_type] ?? "event", "data-title": title };
      const line = make("button", { type: "button", ...data }, make("time", {}, renderTime(at)), make("b", {}, event_type));
      line.append(make("span", { title: page }, element || page.replace(/^https?:\/\//, "")));
      return make("li", {}, line);
    });
  return make("ol", { class: "replay-timeline", tabindex: 0, "aria-label": "What happened" }, ...items);
};

/** Runs the page that asks for a key. The key stays in this function. */
export const runShell = (shell: HTMLElement): void => {
  const form = shell.querySelector("form")!;
  const content = shell.querySelector<HTMLElement>("#replay-content")!;
  const problem = shell.querySelector<HTMLElement>("#replay-problem")!;

  const attempt = async (act: () => Promise<void>): Promise<void> => {
    problem.hidden = true;
    try {
      await act();
    } catch (error) {
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    }
  };

  const open = async (key: Key, session_id: string): Promise<void> => {
    const path = `/${encodeURIComponent(session_id)}`;
    const replay = await ask<Replay>(key, path);
    const query = key.project && `?${new URLSearchParams({ project: key.project })}`;
    const urls = replay.chunks.map(({ seq }) => `/replay/sessions${path}/chunks/${seq}${query}`);
    const back = make("button", { type: "button" }, "Back to the list");
    back.addEventListener("click", () => void attempt(() => list(key, 0)));
    const timeline = renderTimeline(replay);
    const player = make("div", { class: "card replay-player" });
    content.replaceChildren(
      make("p", { class: "replay-head" }, back, " ", summarise(replay.session)),
      make("div", { class: "replay-pair" }, player, make("aside", { class: "card replay-side" }, timeline)),
    );
    if (urls.length) await showRecording(player, { urls, headers: { "X-API-Key": key.key } }, timeline);
    else player.replaceChildren(make("p", { class: "note" }, "This visit was not recorded; its events are here."));
  };

  const list = async (key: Key, offset: number): Promise<void> => {
    const query = { limit: `${PER_PAGE}`, offset: `${offset}` };
    const { sessions, total } = await ask<{ sessions: ReplaySession[]; total: number }>(key, "", query);
    const rows = sessions.map((session) => {
      const [started, page, ...figures] = describe(session);
      const button = make("button", { type: "button", class: "recording-open" });
      const sign = session.recorded ? icon("play") : make("span", { class: "replay-bare" });
      button.append(sign, started!, make("span", { class: "hidden" }, session.recorded ? " play" : " events"));
      button.addEventListener("click", () => void attempt(() => open(key, session.session_id)));
      const cells = figures.map((text, place) => make("td", { "data-head": FIGURES[place]! }, text));
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, button),
        make("td", { class: "recording-page", title: page! }, page!),
        ...cells,
      );
    });
    const heads = ["Started", "Entry page", ...FIGURES];
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
    const table = make("table", { class: "plain recordings" }, make("thead", {}, head), make("tbody", {}, ...rows));
    const turn = (label: string, to: number): HTMLElement | string => {
      if (to < 0 || to >= total) return "";
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => void attempt(() => list(key, to)));
      return button;
    };
    const shown = total ? `${offset + 1} to ${offset + sessions.length} of ${total}` : "No visits yet.";
    const turns = [turn("Newer", offset - PER_PAGE), ` ${shown} `, turn("Older", offset + PER_PAGE)];
    content.replaceChildren(
      make("section", { class: "card panel" }, table, make("p", { class: "replay-turn" }, ...turns)),
    );
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const key = { key: `${fields.get("key")}`.trim(), project: `${fields.get("project")}`.trim() };
    void attempt(() => list(key, 0));
  });
};
