import { leave } from "./leave.ts";
import { view } from "./view.ts";

// Frameworks set the new title a moment after the new address.
const SETTLE_MS = 99;

/** The page the visitor is on, with its query; "" before the first pageview. */
export let path = "";

/** Where the visitor came from; "" once a single-page app has moved on. */
export let referrer = document.referrer;

let timer = 0;

const readPath = (): string => location.pathname + location.search;

/** Counts the page that was loaded. */
export const open = (): void => {
  path = readPath();
  view();
};

/**
 * Notes that a single-page app may have changed the address; a changed path is one pageview.
 * `parts` 2 compares the query as well; 1 does not, for apps that merely tidy their query.
 */
export const navigate = (parts: number): void => {
  const next = readPath();
  if (path && "" + next.split("?", parts) != "" + path.split("?", parts)) {
    leave();
    clearTimeout(timer);
    timer = setTimeout(view, SETTLE_MS);
    referrer = "";
  }
  path &&= next;
};
