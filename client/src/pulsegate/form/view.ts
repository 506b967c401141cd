import { element } from "../../survey/element.ts";
import type { Field, FormConfig, Payload, Refusal } from "../../type/form.ts";
import { makeField } from "./field.ts";
import { makeOnce } from "./once.ts";
import { makeStyle } from "./style.ts";
import { findWords } from "./word.ts";

/** Sends what was written; tells what went wrong, nothing when all is well. */
export type Post = (payload: Payload) => Promise<Refusal>;

const SPACE = "http://www.w3.org/2000/svg";

const drawTick = (): SVGElement => {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", "M24 3a21 21 0 1 0 0 42 21 21 0 1 0 0-42M14 25l7 7 13-15");
  svg.append(path);
  return svg;
};

const readHidden = ({ hidden, fields }: FormConfig): Payload => {
  const payload: Payload = { ...hidden };
  for (const { type, name, defaultValue } of fields)
    if (type == "hidden" && defaultValue != null) payload[name] = defaultValue;
  return payload;
};

/** Shows a form within `host`; what was there before goes. */
export const showForm = (host: HTMLElement, config: FormConfig, post: Post): void => {
  const shown_ms = performance.now();
  const words = findWords(document.documentElement.lang || navigator.language);
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [makeStyle(config.theme)];

  const seen = config.fields.filter(({ type }) => type != "hidden");
  const fields = seen.map((field) => makeField(field, seen, words));
  // People cannot see, reach or hear it; programs that fill every field give themselves away.
  const bait = element("input", { name: "__pg_website", tabindex: "-1", autocomplete: "off" });
  const trap = element("div", { class: "hush", "aria-hidden": "true" }, element("div", { class: "trap" }, bait));
  const summary = element("div", { class: "summary", role: "alert", tabindex: "-1", hidden: "" });
  const news = element("p", { class: "hush", role: "status" });
  const label = config.submitLabel || words.send;
  const button = element("button", { type: "submit" }, label);
  const title = config.title ? element("h2", { id: "pg-title" }, config.title) : "";
  const lead = config.subtitle ? element("p", { class: "lead" }, config.subtitle) : "";
  const form = element(
    "form",
    {
      class: "form",
      novalidate: "",
      ...(title ? { "aria-labelledby": "pg-title" } : { "aria-label": config.name || config.formId }),
    },
    ...(title || lead ? [element("div", { class: "head" }, title, lead)] : []),
    summary,
    ...(seen.some(({ required }) => required) ? [element("p", { class: "note" }, words.note)] : []),
    ...fields.map((field) => field.root),
    trap,
    button,
    news,
  );

  const complain = (heading: string, wrong: [Field, string][] = []): void => {
    const list = element("ul");
    for (const [field, problem] of wrong) {
      const link = element("a", { href: `#pg-${field.name}` }, problem);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        field.focus();
      });
      list.append(element("li", {}, link));
    }
    summary.replaceChildren(element("b", {}, heading), ...(wrong.length ? [list] : []));
    summary.hidden = false;
    summary.focus();
  };
  const collect = (): Payload => {
    const payload = readHidden(config);
    for (const field of fields) {
      const text = field.read();
      if (text != null) payload[field.name] = text;
    }
    // One tenth of a second says enough.
    payload.__pg_tts = Math.round((performance.now() - shown_ms) / 100) / 10;
    payload.__pg_hp = bait.value;
    return payload;
  };
  const thank = (): void => {
    const text = config.successMessage || words.thanks;
    const thanks = element("div", { class: "form thanks", role: "status", tabindex: "-1" }, drawTick(), text);
    // A short form leaves what stands below it where it is; a long one would leave a void.
    const height = new CSSStyleSheet();
    height.replaceSync(`.thanks{min-height:min(${form.offsetHeight}px,20rem)}`);
    root.adoptedStyleSheets.push(height);
    root.replaceChildren(thanks);
    thanks.focus({ preventScroll: true });
    thanks.scrollIntoView({ block: "nearest" });
  };

  const once = makeOnce();
  let isBusy = false;
  const submit = async (): Promise<void> => {
    if (isBusy) return;
    const wrong = fields.map((field): [Field, string] => [field, field.check()]).filter(([, problem]) => problem);
    summary.hidden = true;
    if (wrong.length) return complain(words.summary(wrong.length), wrong);
    isBusy = true;
    button.setAttribute("aria-disabled", "true");
    news.textContent = button.textContent = words.sending;
    const refusal = await post(once(collect()));
    if (!refusal) return thank();
    isBusy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    news.textContent = "";
    complain(refusal.message);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  // What is typed here is not for the shortcuts of the page.
  for (const name of ["keydown", "keyup", "keypress"]) form.addEventListener(name, (event) => event.stopPropagation());
  root.replaceChildren(form);
};
