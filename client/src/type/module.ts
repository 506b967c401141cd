import type { Send } from "./send.ts";

/** What an optional module wants to hear: a pageview has just been sent. */
export type OnPageview = () => void;

/** Starts an optional module on the page it is loaded into. */
export type StartModule = (send: Send, options: DOMStringMap) => OnPageview | void;

/**
 * The default export of the lazy file. The core of yesterday may load the file of today from its
 * cache, so this signature only ever grows.
 */
export type StartModules = (options: DOMStringMap, send: Send) => OnPageview;
