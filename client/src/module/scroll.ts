import type { StartModule } from "../type/module.ts";
import { listen } from "./listen.ts";
import { measureDepth } from "./measure-depth.ts";

/** Reports the deepest point of each page that has been in view. */
export const scroll: StartModule = (send) => {
  let path: string;
  let max_depth: number;
  let sent: number;
  const readPath = (): string => location.pathname + location.search;
  const measure = (): void => {
    // Between a change of address and its pageview the page is neither the old nor the new one.
    if (path != readPath()) return;
    const { scrollHeight } = document.documentElement;
    max_depth = Math.max(max_depth, measureDepth(scrollY + innerHeight, scrollHeight));
  };
  const report = (): void => {
    if (max_depth <= sent) return;
    sent = max_depth;
    send("scroll_depth", { path, max_depth });
  };
  const begin = (): void => {
    path = readPath();
    max_depth = sent = 0;
    measure();
  };
  begin();
  listen("scroll", measure);
  listen("visibilitychange", () => {
    if (document.hidden) report();
  });
  listen("pagehide", report);
  return () => {
    report();
    begin();
  };
};
