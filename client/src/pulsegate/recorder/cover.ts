/** Shown as an empty box of its size: what a page marks so, and what must never leave it. */
export const HIDDEN = [
  ".footfall-block",
  "[data-footfall-block]",
  "input[type=password]",
  "[autocomplete*=password]",
  "[autocomplete*=cc-]",
  "[autocomplete=one-time-code]",
].join();

/** Shown as stars: what a page marks so, and text that is edited in place. */
export const COVERED = [
  ".footfall-mask",
  "[data-footfall-mask]",
  "[contenteditable]:not([contenteditable=false])",
].join();

interface Event {
  type: number;
  data: unknown;
}

const META = 4;

/** Takes query string and fragment off a page's address: they may carry tokens and names. */
export const coverAddress = <E extends Event>(event: E): E => {
  if (event.type == META) (event.data as { href: string }).href = location.origin + location.pathname;
  return event;
};
