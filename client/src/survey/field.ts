import type { Answer, Question } from "../type/survey.ts";
import { element } from "./element.ts";
import type { Words } from "./word.ts";

/** A question on the page, and what has been answered to it. */
export type Field = {
  root: HTMLElement;
  /** Undefined: nothing. */
  read: () => Answer | undefined;
};

const MOST_CHARACTERS = "5000";

type Option = [label: string, value: Answer];

const listOptions = (question: Question, words: Words): Option[] => {
  if (question.type == "yes_no") return [[words.yes, true], [words.no, false]];
  if (question.type != "rating") return (question.options || []).map((text) => [text, text]);
  const options: Option[] = [];
  for (let value = question.min ?? 1; value <= (question.max ?? 5); value++)
    options.push(["" + value, value]);
  return options;
};

const title = (question: Question, words: Words): (Node | string)[] => [
  question.text,
  ...(question.required
    ? []
    : [" ", element("span", { class: "optional" }, `(${words.optional})`)]),
];

const makeChoice = (question: Question, words: Words, given: Answer | undefined): Field => {
  const isMany = question.type == "multiple_choice";
  const isScale = question.type == "rating";
  const options = listOptions(question, words);
  const inputs: HTMLInputElement[] = [];
  const picks = options.map(([label, value]) => {
    const input = element("input", { type: isMany ? "checkbox" : "radio", name: "answer" });
    input.checked = Array.isArray(given) ? given.includes(value as string) : given === value;
    inputs.push(input);
    const dot = element("span", { class: isMany ? "dot box" : "dot", "aria-hidden": "true" });
    const face = element("span", { class: "face" }, ...(isScale ? [] : [dot]), label);
    // What the ends of a scale mean stands below it; whoever hears the scale hears it at the ends.
    const meaning = value === question.min ? question.min_label : value === question.max && question.max_label;
    if (meaning) face.append(element("span", { class: "hush" }, ` – ${meaning}`));
    return element("label", { class: "pick" }, input, face);
  });
  const shape = isScale ? "scale" : "list";
  const root = element(
    "fieldset",
    {},
    element("legend", {}, ...title(question, words)),
    element("div", { class: shape }, ...picks),
  );
  if (question.min_label || question.max_label)
    root.append(
      element(
        "div",
        { class: "ends", "aria-hidden": "true" },
        element("span", {}, question.min_label || ""),
        element("span", {}, question.max_label || ""),
      ),
    );
  return {
    root,
    read: () => {
      const chosen = options.filter((_, index) => inputs[index]!.checked).map(([, value]) => value);
      return isMany ? (chosen.length ? (chosen as string[]) : undefined) : chosen[0];
    },
  };
};

const makeText = (question: Question, words: Words, given: Answer | undefined): Field => {
  const common = { id: "answer", "aria-describedby": "error" };
  const input =
    question.type == "email"
      ? element("input", { ...common, class: "mail", type: "email", autocomplete: "email", maxlength: "254" })
      : element("textarea", { ...common, maxlength: MOST_CHARACTERS });
  input.value = (given as string) || "";
  const label = element("label", { class: "question", for: "answer" }, ...title(question, words));
  return { root: element("div", {}, label, input), read: () => input.value.trim() || undefined };
};

/** Makes the field of a question; `given` is what was answered before. */
export const makeField = (question: Question, words: Words, given?: Answer): Field =>
  question.type == "text" || question.type == "email"
    ? makeText(question, words, given)
    : makeChoice(question, words, given);
