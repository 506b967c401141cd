import { element } from "../../survey/element.ts";
import type { Field, FieldConfig, Option } from "../../type/form.ts";
import { findCompletion } from "./complete.ts";
import type { Words } from "./word.ts";

// What a browser takes for an address may lack the dot that every address in the world has.
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/;
const PHONE = /^[+(]?[\d\s().\/-]+$/;
const LEAST_DIGITS = 5;

const split = (option: Option): [value: string, label: string] =>
  typeof option == "string" ? [option, option] : [option.value, option.label ?? option.value];

const isWell = (text: string, pattern: string): boolean => {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true; // an expression that is none must not keep anybody from writing to us
  }
};

const judge = (config: FieldConfig, text: string | undefined, words: Words): string => {
  const { type, pattern, message, required } = config;
  const label = (config.label || config.name).replace(/[\s.:?]+$/, "");
  if (!text) return !required ? "" : type == "checkbox" && !config.options ? words.tick(label) : words.missing(label);
  if (type == "email" && !MAIL.test(text)) return message || words.mail;
  if (type == "tel" && (!PHONE.test(text) || text.replace(/\D/g, "").length < LEAST_DIGITS))
    return message || words.phone;
  return pattern && !isWell(text, pattern) ? message || words.format(label) : "";
};

type Part = {
  root: HTMLElement;
  inputs: (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[];
  read: () => string | undefined;
};

const mark = (config: FieldConfig): Node[] =>
  config.required ? [element("span", { class: "star", "aria-hidden": "true" }, "\u00a0*")] : [];

const makeSelect = (config: FieldConfig, id: string, words: Words): Part => {
  const input = element(
    "select",
    { id, autocomplete: config.autocomplete },
    element("option", { value: "" }, config.placeholder || words.choose),
    ...(config.options || []).map(split).map(([value, label]) => element("option", { value }, label)),
  );
  if (config.defaultValue != null) input.value = "" + config.defaultValue;
  return {
    root: element("span", { class: "choice" }, input),
    inputs: [input],
    read: () => input.value || undefined,
  };
};

const makeText = (config: FieldConfig, id: string, all: FieldConfig[]): Part => {
  const common = {
    id,
    placeholder: config.placeholder,
    maxlength: "" + (config.maxLength || (config.type == "textarea" ? 5000 : 254)),
    autocomplete: findCompletion(config, all),
  };
  const input =
    config.type == "textarea"
      ? element("textarea", { ...common, rows: "4" })
      : element("input", { ...common, type: config.type || "text" });
  // Numbers and addresses read from left to right in every script.
  if (config.type == "email" || config.type == "tel") input.dir = "ltr";
  input.value = "" + (config.defaultValue ?? "");
  return { root: input, inputs: [input], read: () => input.value.trim() || undefined };
};

const makePicks = (config: FieldConfig, id: string): Part => {
  const isMany = config.type == "checkbox";
  const given = ("" + (config.defaultValue ?? "")).split(", ");
  const options = config.options!.map(split);
  const inputs = options.map(([value], index) => {
    const input = element("input", { type: isMany ? "checkbox" : "radio", name: id, id: `${id}-${index}` });
    input.checked = isMany ? given.includes(value) : "" + config.defaultValue == value;
    return input;
  });
  const rows = options.map(([, label], index) => element("label", { class: "pick" }, inputs[index]!, element("span", {}, label)));
  return {
    root: element("div", { class: "list" }, ...rows),
    inputs,
    read: () => options.filter((_, index) => inputs[index]!.checked).map(([value]) => value).join(", ") || undefined,
  };
};

const makeTick = (config: FieldConfig, id: string): Part => {
  const input = element("input", { type: "checkbox", id });
  input.checked = config.defaultValue === true || config.defaultValue === "true";
  const text = element("span", {}, config.label || config.name, ...mark(config));
  return {
    root: element("label", { class: "pick", for: id }, input, text),
    inputs: [input],
    read: () => (input.checked ? "true" : undefined),
  };
};

/** Makes a field of a form with its label, its hint and the place where it says what is wrong. */
export const makeField = (config: FieldConfig, all: FieldConfig[], words: Words): Field => {
  const id = `pg-${config.name}`;
  const label = config.label || config.name;
  const isGroup = !!config.options && (config.type == "radio" || config.type == "checkbox");
  const part = isGroup
    ? makePicks(config, id)
    : config.type == "select"
      ? makeSelect(config, id, words)
      : config.type == "checkbox"
        ? makeTick(config, id)
        : makeText(config, id, all);
  const error = element("p", { class: "error", id: `${id}-error` });
  const hint = config.hint ? element("p", { class: "hint", id: `${id}-hint` }, config.hint) : "";
  const described = `${hint && `${id}-hint `}${id}-error`;
  // A set of boxes has no `required` of its own, and each box of it must not have one.
  const isTold = config.required && !(isGroup && config.type == "checkbox");
  for (const input of part.inputs) {
    if (!isGroup) input.setAttribute("aria-describedby", described);
    if (isTold) input.setAttribute("aria-required", "true");
  }
  const title = [label, ...mark(config)];
  const root = isGroup
    ? element("fieldset", { class: "field", "aria-describedby": described }, element("legend", {}, ...title), hint, part.root, error)
    : config.type == "checkbox"
      ? element("div", { class: "field" }, part.root, hint, error)
      : element("div", { class: "field" }, element("label", { for: id }, ...title), hint, part.root, error);

  let isTouched = false;
  const check = (): string => {
    isTouched = true;
    const problem = judge(config, part.read(), words);
    error.textContent = problem;
    root.classList.toggle("bad", !!problem);
    for (const input of part.inputs) input.setAttribute("aria-invalid", "" + !!problem);
    return problem;
  };
  for (const input of part.inputs) {
    // Nobody is corrected before they have written something; then, as soon as it is right.
    input.addEventListener("change", () => (part.read() || isTouched) && check());
    input.addEventListener("input", () => isTouched && check());
  }
  return { name: config.name, label, root, read: part.read, check, focus: () => part.inputs[0]!.focus() };
};
