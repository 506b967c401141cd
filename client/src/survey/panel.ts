import type { Answers, PanelEvents, Survey } from "../type/survey.ts";
import { element } from "./element.ts";
import { type Field, makeField } from "./field.ts";
import { makeStyle } from "./style.ts";
import { findWords } from "./word.ts";

/** An open panel. */
export type Panel = {
  answers: Answers;
  /** Takes the panel away without telling anybody. */
  remove: () => void;
};

const THANKS_MS = 4e3;

const drawCross = (): SVGElement => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M2 2l10 10M12 2L2 12");
  svg.append(path);
  return svg;
};

/**
 * Shows a survey, one question at a time. Focus stays where the visitor has it until they come
 * here, and goes back there when they leave. `parent` other than the page is for previews.
 */
export const openPanel = (survey: Survey, events: PanelEvents, parent?: HTMLElement): Panel => {
  const { appearance, questions } = survey;
  const words = findWords(document.documentElement.lang || navigator.language);
  const answers: Answers = new Map();
  const host = element("div", { "data-footfall-survey": survey.id });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [makeStyle(appearance)];

  const step = element("span", { class: "step" });
  const close = element("button", { class: "close", type: "button", "aria-label": words.close }, drawCross());
  const body = element("div");
  const error = element("p", { class: "error", id: "error", role: "alert" });
  const back = element("button", { class: "back", type: "button" }, words.back);
  const go = element("button", { class: "go", type: "submit" });
  const foot = element("div", { class: "foot" }, back, go);
  const form = element("form", { novalidate: "" }, body, error, foot);
  const news = element("p", { class: "hush", role: "status" });
  const panel = element(
    "section",
    {
      class: `panel ${parent ? "inline" : appearance.position || "bottom-right"}`,
      role: "dialog",
      "aria-label": survey.name,
      tabindex: "-1",
    },
    element("div", { class: "head" }, step, close),
    form,
    news,
  );
  root.append(panel);

  let at = 0;
  let field: Field;
  let isDone = false;
  let from: HTMLElement | null = null;

  const focusField = (): void => {
    const input = body.querySelector<HTMLElement>("input:checked,input,textarea");
    (input || panel).focus({ preventScroll: true });
  };
  const note = (): void => {
    const answer = field.read();
    if (answer == null) answers.delete(questions[at]!.id);
    else answers.set(questions[at]!.id, answer);
  };
  const show = (index: number): void => {
    at = index;
    const question = questions[at]!;
    field = makeField(question, words, answers.get(question.id));
    body.replaceChildren(field.root);
    error.textContent = "";
    step.textContent = questions.length > 1 ? words.step(at + 1, questions.length) : "";
    go.textContent = at + 1 < questions.length ? words.next : words.send;
    back.hidden = !at;
  };
  const remove = (): void => {
    const isHere = root.activeElement;
    document.removeEventListener("keydown", onKey);
    host.remove();
    if (isHere) from?.focus({ preventScroll: true });
  };
  const dismiss = (): void => {
    if (!isDone) {
      note();
      if (answers.size) events.onAnswer(answers, false);
    }
    isDone = true;
    remove();
    events.onClose();
  };
  const finish = (): void => {
    isDone = true;
    const isHere = root.activeElement;
    events.onAnswer(answers, true);
    const text = appearance.thank_you || words.thanks;
    form.remove();
    step.className = "thanks";
    step.textContent = text;
    news.textContent = text;
    if (isHere) panel.focus({ preventScroll: true });
    if (!parent) setTimeout(() => host.isConnected && dismiss(), THANKS_MS);
  };
  const forward = (): void => {
    const question = questions[at]!;
    note();
    const input = body.querySelector<HTMLInputElement>("input[type=email]");
    const isLast = at + 1 == questions.length;
    // A response without a single answer says nothing.
    const isMissing = (question.required || (isLast && !answers.size)) && !answers.has(question.id);
    error.textContent = isMissing
      ? words.missing
      : input && answers.has(question.id) && !input.checkValidity()
        ? words.mail
        : "";
    if (error.textContent) return focusField();
    if (isLast) return finish();
    show(at + 1);
    focusField();
  };
  // Escape belongs to the page while the visitor is busy there.
  const onKey = (event: KeyboardEvent): void => {
    const active = document.activeElement;
    const isFree = !active || active == document.body || active == host;
    if (event.key == "Escape" && isFree && !event.defaultPrevented) dismiss();
  };

  panel.addEventListener("focusin", (event) => {
    const before = event.relatedTarget as HTMLElement | null;
    if (before && !root.contains(before)) from = before;
  });
  close.addEventListener("click", dismiss);
  back.addEventListener("click", () => {
    note();
    show(at - 1);
    focusField();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    forward();
  });
  // What is typed here is not for the shortcuts of the page.
  for (const name of ["keydown", "keyup", "keypress"])
    panel.addEventListener(name, (event) => {
      if ((event as KeyboardEvent).key != "Escape") event.stopPropagation();
    });
  if (!parent) document.addEventListener("keydown", onKey);

  show(0);
  (parent || document.documentElement).append(host);
  if (!parent) setTimeout(() => (news.textContent = `${survey.name}: ${questions[0]!.text}`), 99);
  return {
    answers,
    remove: () => {
      isDone = true;
      remove();
    },
  };
};
