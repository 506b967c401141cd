import type { PulseCall } from "../type/pulse.ts";
import { deliverFailed } from "./deliver.ts";
import { isRefused } from "./is-refused.ts";
import { leave } from "./leave.ts";
import { open, path, settle } from "./page.ts";
import { parseCall } from "./parse-call.ts";
import { send } from "./send.ts";
import { loadModules, view } from "./view.ts";
import { watchHistory } from "./watch-history.ts";

const waiting: PulseCall[] | false = !isRefused && (self.pulse?.q || []);

self.pulse = (...call) => {
  if (path) send(...parseCall(...call));
  else if (waiting) waiting.push(call);
};

if (waiting) {
  // Pages that are rendered ahead or opened in the background are hidden: nothing happened yet.
  const start = (): void => {
    leave();
    settle();
    if (path || document.hidden) return;
    open();
    waiting.forEach((call) => self.pulse!(...call));
    deliverFailed();
    loadModules();
  };
  start();
  addEventListener("visibilitychange", start);
  addEventListener("pagehide", start);
  addEventListener("pageshow", (event) => event.persisted && view());
  watchHistory();
}
