import type { StartModule } from "../type/module.ts";
import type { Payload } from "../type/payload.ts";
import { listen } from "./listen.ts";

// A broken loop repeats itself; twenty different errors describe a page well enough.
const MOST_ERRORS = 20;
const MOST_MESSAGE_CHARACTERS = 1000;
const MOST_STACK_CHARACTERS = 5000;

/** Reports errors that nobody caught, each once a page. */
export const errors: StartModule = (send) => {
  const seen = new Set<string>();
  const report = (error: unknown, message: string, place: Payload = {}): void => {
    const stack = String((error as Error | null)?.stack ?? "").slice(0, MOST_STACK_CHARACTERS);
    const identity = [message, stack, place["filename"], place["lineno"], place["colno"]].join();
    // Files that fail to load raise events of the same name without a message.
    if (!message || seen.has(identity) || seen.size >= MOST_ERRORS) return;
    seen.add(identity);
    send("js_error", { message: message.slice(0, MOST_MESSAGE_CHARACTERS), stack, ...place });
  };
  listen("error", (event) => {
    const { message, filename, lineno, colno } = event;
    report(event.error, message, { filename, lineno, colno });
  });
  listen("unhandledrejection", ({ reason }) => report(reason, String(reason)));
  return () => seen.clear();
};
