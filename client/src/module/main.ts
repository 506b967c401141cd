import type { OnPageview, StartModule, StartModules } from "../type/module.ts";
import type { StartSurveys } from "../type/survey.ts";
import type { StartVitals } from "../type/vitals.ts";
import { clicks } from "./clicks.ts";
import { errors } from "./errors.ts";
import { guard } from "./guard.ts";
import { outlinks } from "./outlinks.ts";
import { scroll } from "./scroll.ts";
import { search } from "./search.ts";

const MODULES: Record<string, StartModule> = { scroll, outlinks, errors, clicks, search };

/** Starts the modules whose attribute is on. */
const startModules: StartModules = (options, send) => {
  const listeners: OnPageview[] = [];
  for (const name in MODULES)
    if (options[name] == "true")
      guard(() => {
        const listener = MODULES[name]!(send, options);
        if (listener) listeners.push(guard(listener));
      })();
  if (options["vitals"] == "true")
    import(VITALS_FILE).then(
      guard((file: { default: StartVitals }) => file.default(send)),
      () => {},
    );
  if (options["surveys"] == "true")
    import(SURVEY_FILE).then(
      guard((file: { default: StartSurveys }) =>
        listeners.push(guard(file.default(send, options["key"]!))),
      ),
      () => {},
    );
  return () => listeners.forEach((listener) => listener());
};

export default startModules;
