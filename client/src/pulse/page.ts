import { leave } from "./leave.ts";
import { view } from "./view.ts";

// Frameworks set the new title a moment after the new address.
const SETTLE_MS = 99;

/** The page the visitor is on, with its query; "" before the first pageview. */
export let path = "";

/** Where the visitor came from; "" once a single-page app has moved on. */
export let referrer = document.referrer;

// 0 or 1: a number, for the bytes.
let unsettled = 0;

const readPath = (): string => location.pathname + location.search;

/** Counts the page that was loaded. */
export const open = (): void => {
  path = readPath();
  view();
};

/** Sends the pageview that waits for its title; a visitor may leave before it has one. */
export const settle = (): void => {
  if (unsettled) view();
  unsettled = 0;
};

/**
 * Notes that a single-page app may have changed the address; a changed path is one pageview.
 * `parts` 2 compares the query as well; 1 does not, for apps that merely tidy their query.
 */
export const navigate = (parts: number): void => {
  const next = readPath();
  if (path && "" + next.split("?", parts) != "" + path.split("?", parts)) {
    leave();
    // A second change before the first has settled is a redirect: both are one pageview.
    unsettled = 1;
    setTimeout(settle, SETTLE_MS);
    referrer = "";
  }
  path &&= next;
};
