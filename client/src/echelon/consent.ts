import { options, setting } from "./setting.ts";
import { recall, remember } from "./store.ts";

const KEY = "_econsent";
const YES = "yes";
const NO = "no";

// The owner's rules come last, so that they win; the server has cleaned them.
const STYLE = `:host{all:initial;position:fixed;inset:auto 16px 16px;z-index:2147483000;display:flex;justify-content:center;pointer-events:none}
div{pointer-events:auto;display:flex;flex-wrap:wrap;gap:12px;align-items:center;max-width:560px;padding:14px 18px;border-radius:12px;background:#fff;color:#1d2430;font:15px/1.5 system-ui,sans-serif;box-shadow:0 8px 32px rgb(0 0 0/.18)}
p{margin:0;flex:1 1 260px}
button{font:inherit;padding:8px 16px;border-radius:8px;border:1px solid #c3cad5;background:none;color:inherit;cursor:pointer}
button:focus-visible{outline:2px solid #2f5bd7;outline-offset:2px}
button.yes{background:#2f5bd7;border-color:#2f5bd7;color:#fff}
@media(prefers-color-scheme:dark){div{background:#1a202a;color:#e6eaf0}button{border-color:#4a5568}}
@media print{:host{display:none}}`;

/** Tells whether the visitor has agreed to a cookie. */
export const readConsent = (): boolean => recall(KEY, "localStorage") == YES;

const makeButton = (text: string, answer: string, close: () => void): HTMLButtonElement => {
  const button = document.createElement("button");
  button.textContent = text;
  button.className = answer;
  button.onclick = () => {
    remember(KEY, answer, "localStorage");
    close();
  };
  return button;
};

/** Asks once whether a cookie may be kept, where the operator and the page want one. */
export const askConsent = (): void => {
  if (!setting.k || options["cookie"] == null || recall(KEY, "localStorage")) return;
  const host = document.createElement("echelon-consent");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE + (setting.s || ""));
  root.adoptedStyleSheets = [sheet];
  const box = document.createElement("div");
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Cookies");
  const text = document.createElement("p");
  text.textContent = "May we keep a cookie to recognise your next visit? It holds a random number and nothing else.";
  const close = (): void => host.remove();
  box.append(text, makeButton("Decline", NO, close), makeButton("Accept", YES, close));
  root.append(box);
  document.body.append(host);
};
