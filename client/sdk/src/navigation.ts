import { guard } from "../../src/module/guard.ts";

const METHODS = ["replaceState", "pushState"] as const;

/** The address of the page as events tell it. */
export const readPath = (): string => location.pathname + location.search;

/**
 * Hears of every way a single-page app has to change the address, until the signal aborts. `parts`
 * 2 means that a changed query is a new page; 1 that it is not, for apps that merely tidy theirs.
 */
export const watchHistory = (navigate: (parts: 1 | 2) => void, signal: AbortSignal): void => {
  const hear = guard((parts: 1 | 2) => {
    if (!signal.aborted) navigate(parts);
  });
  addEventListener("popstate", () => hear(2), { signal });
  METHODS.forEach((name, index) => {
    const original = history[name];
    const patched: typeof original = (...args) => {
      original.apply(history, args);
      hear((index + 1) as 1 | 2);
    };
    history[name] = patched;
    signal.addEventListener("abort", () => {
      // Somebody may have patched it after us; then ours stays in the middle and keeps quiet.
      if (history[name] == patched) history[name] = original;
    });
  });
};

/** True when the path has changed, with its query when `parts` is 2. */
export const isOtherPage = (path: string, next: string, parts: 1 | 2): boolean =>
  path.split("?", parts).join("?") != next.split("?", parts).join("?");
