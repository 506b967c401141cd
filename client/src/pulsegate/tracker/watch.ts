import { findElement } from "../../module/find-element.ts";
import { listen } from "../../module/listen.ts";
import type { Named } from "../../module/render-selector.ts";
import { put } from "./queue.ts";
import { throttle } from "./throttle.ts";

const SCROLL_MS = 250;
const MOVE_MS = 100;

/** Names an element as documented: BUTTON#cta.hero-btn. Neither text nor values are read. */
export const renderElement = ({ tagName, id, classList }: Named): string =>
  tagName.toUpperCase() + (id && "#" + id) + [...classList].slice(0, 2).map((name) => "." + name).join("");

const measureScroll = (): number => {
  const most = document.documentElement.scrollHeight - innerHeight;
  return most > 0 ? Math.min(100, Math.max(0, Math.round((scrollY / most) * 100))) : 100;
};

/** Notes what happens on the page: all of it passively, none of it typed. */
export const watch = (): void => {
  let path = location.pathname + location.search;
  const turn = (): void => {
    put("navigation");
    const next = location.pathname + location.search;
    if (next == path) return;
    path = next;
    put("page_view", { title: document.title });
  };
  put("page_view", { title: document.title });
  listen("click", (event) => {
    const element = findElement(event);
    const fields = { x: Math.round(event.pageX), y: Math.round(event.pageY) };
    put("click", element ? { ...fields, element: renderElement(element) } : fields);
  });
  listen(
    "scroll",
    throttle(SCROLL_MS, () => put("scroll", { scroll_percent: measureScroll() })),
  );
  listen(
    "mousemove",
    throttle(MOVE_MS, ({ pageX, pageY }) => put("mousemove", { x: Math.round(pageX), y: Math.round(pageY) })),
  );
  listen("visibilitychange", () => put("visibility_change", { data: { state: document.visibilityState } }));
  listen("pageshow", (event) => event.persisted && put("page_view", { title: document.title }));
  listen("popstate", turn);
  const { pushState } = history;
  history.pushState = (...args) => {
    pushState.apply(history, args);
    // The title follows a moment after the address.
    setTimeout(turn, 50);
  };
};
