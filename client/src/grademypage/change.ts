import type { Change } from "../type/grademypage.ts";
import { guard } from "./guard.ts";

const LATE_MS = 5e3;

type Undo = () => void;

let undos: Undo[] = [];
let observer: MutationObserver | undefined;

const put = (element: HTMLElement, { changeType, property, value }: Change): Undo => {
  if (changeType == "style") {
    const { style } = element;
    const before = style.getPropertyValue(property!);
    style.setProperty(property!, ...(value.split(/ *!(?=important)/) as [string, string?]));
    return () => style.setProperty(property!, before);
  }
  if (changeType == "class") {
    const names = value
      .split(/\s+/)
      .filter((name) => name && element.classList.contains(name) == (property == "remove"));
    const toggle = (): void => names.forEach((name) => element.classList.toggle(name));
    toggle();
    return toggle;
  }
  if (changeType == "css") {
    const style = document.createElement("style");
    style.textContent = value;
    element.append(style);
    return () => style.remove();
  }
  // The nodes themselves, not their text: listeners stay, and frameworks find what they made.
  const nodes = [...element.childNodes];
  element[changeType == "text" ? "textContent" : "innerHTML"] = value;
  return () => element.replaceChildren(...nodes);
};

/** Puts changes on the page as it is, and for five seconds on whatever appears. */
export const applyChanges = (changes: Change[]): void => {
  const apply = changes.map((change) => {
    const isHtml = change.changeType == "html";
    const done: Element[] = [];
    return guard(() =>
      document
        .querySelectorAll<HTMLElement>(change.changeType == "css" ? "html" : change.selector)
        .forEach((element) => {
          // What a change has put in may match it too, without end.
          if (done.some((other) => (isHtml ? other.contains(element) : other == element))) return;
          done.push(element);
          undos.push(put(element, change));
        }),
    );
  });
  const applyAll = (): void => apply.forEach((run) => run());
  applyAll();
  const watcher = (observer = new MutationObserver(applyAll));
  watcher.observe(document, { childList: true, subtree: true });
  setTimeout(() => watcher.disconnect(), LATE_MS);
};

/** Takes every change back, the last one first. */
export const revertChanges = (): void => {
  observer?.disconnect();
  undos.reverse().forEach((undo) => undo());
  undos = [];
};
