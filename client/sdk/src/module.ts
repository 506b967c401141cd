import { clicks } from "../../src/module/clicks.ts";
import { errors } from "../../src/module/errors.ts";
import { guard } from "../../src/module/guard.ts";
import { outlinks } from "../../src/module/outlinks.ts";
import { scroll } from "../../src/module/scroll.ts";
import { search } from "../../src/module/search.ts";
import type { OnPageview, StartModule } from "../../src/type/module.ts";
import type { Send } from "../../src/type/send.ts";

// The served tracker's modules: one place decides what a click or a scroll is.
const MODULES: Record<string, StartModule> = { scroll, outlinks, errors, clicks, search };

/** Starts the modules whose option is on; what it returns wants to hear of each pageview. */
export const startModules = (options: Record<string, string>, send: Send): OnPageview => {
  const listeners: OnPageview[] = [];
  for (const [name, start] of Object.entries(MODULES))
    if (options[name])
      guard(() => {
        const listener = start(send, options);
        if (listener) listeners.push(guard(listener));
      })();
  return () => listeners.forEach((listener) => listener());
};
