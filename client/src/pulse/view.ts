import type { Payload } from "../type/payload.ts";
import type { OnPageview, StartModules } from "../type/module.ts";
import { api, options } from "./options.ts";
import { send } from "./send.ts";

let onPageview: OnPageview = () => {};

/** Sends a pageview. */
export const view = (): void => {
  const payload: Payload = { title: document.title };
  if (options["utm"] == "true")
    new URLSearchParams(location.search).forEach((value, name) => {
      if (/^utm_/.test(name)) payload[name] = value;
    });
  send("pageview", payload);
  onPageview();
};

/** Fetches the optional modules when the attribute of any is on. */
export const loadModules = (): void => {
  // The name of every module's attribute ends in one of these letters, `utm` and `dnt` do not.
  if (/[lsh]":"true/.test(JSON.stringify(options)))
    import(api + MODULES_FILE).then(
      (file: { default: StartModules }) => (onPageview = file.default(options, send)),
      () => {},
    );
};
