import type { StartModule } from "../type/module.ts";
import { findElement } from "./find-element.ts";
import { listen } from "./listen.ts";
import { parseLink } from "./parse-link.ts";

const MIDDLE_BUTTON = 1;

/** Reports links to other hosts and downloads when they are followed. */
export const outlinks: StartModule = (send) => {
  const report = (event: MouseEvent): void => {
    const link = findElement(event)?.closest("a[href],area[href]") as HTMLAnchorElement | null;
    const payload = link && parseLink(link.href, location.hostname);
    if (payload) send("outlink", payload);
  };
  listen("click", report);
  listen("auxclick", (event) => {
    if (event.button == MIDDLE_BUTTON) report(event);
  });
};
