import type { Appearance } from "../type/survey.ts";
import { pickEdge, pickInk } from "./color.ts";

const ACCENT = "#3b5bdb";

type Ground = { paper: string; ink: string; soft: string; line: string; rim: string; field: string; bad: string };

const LIGHT: Ground = {
  paper: "#ffffff",
  ink: "#16181d",
  soft: "#5a6270",
  line: "#868e9b",
  rim: "#dfe2e7",
  field: "#f4f5f7",
  bad: "#b42318",
};
const DARK: Ground = {
  paper: "#1b1e24",
  ink: "#f1f3f6",
  soft: "#aab2bf",
  line: "#6f7885",
  rim: "#3a404a",
  field: "#262a32",
  bad: "#ff9a8f",
};

const declare = (ground: Ground, accent: string): string =>
  Object.entries({ ...ground, edge: pickEdge(accent, ground.paper, ground.ink) })
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");

const RULES = `
:host{all:initial!important;display:block!important}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
.panel{position:fixed;z-index:2147483000;width:24rem;max-width:calc(100vw - 2rem);
max-height:calc(100vh - 2rem);overflow:auto;overscroll-behavior:contain;padding:1.25rem;
background:var(--paper);color:var(--ink);border:1px solid var(--rim);
border-radius:14px;box-shadow:0 1px 2px #0002,0 12px 40px #0003;
font:400 15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:start;
animation:rise .22s cubic-bezier(.2,.8,.3,1)}
.panel:focus{outline:0}
.bottom-right{right:1rem;bottom:1rem}.bottom-left{left:1rem;bottom:1rem}
.top-right{right:1rem;top:1rem}.top-left{left:1rem;top:1rem}
.inline{position:static;z-index:auto;max-width:100%;animation:none}
@keyframes rise{from{opacity:0;transform:translateY(12px)}}
.head{display:flex;justify-content:space-between;align-items:center;min-height:32px;margin:-.5rem -.5rem .25rem 0}
.step{font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums}
.close{width:32px;height:32px;border:0;border-radius:8px;background:none;color:var(--soft);cursor:pointer;margin-inline-start:auto;display:grid;place-items:center}
.close:hover{background:var(--field);color:var(--ink)}
.close svg{width:14px;height:14px;stroke:currentColor;stroke-width:2;stroke-linecap:round}
fieldset{border:0;padding:0;min-width:0}
legend,.question{display:block;padding:0;font-weight:600;font-size:16px;line-height:1.35;margin-bottom:.875rem;overflow-wrap:anywhere}
.optional{font-weight:400;font-size:13px;color:var(--soft)}
.scale{display:flex;flex-wrap:wrap;gap:3px}
.pick{position:relative;display:flex;cursor:pointer}
.pick input{position:absolute;inset:0;width:100%;height:100%;opacity:0;cursor:pointer}
.face{flex:1;display:flex;align-items:center;min-height:40px;border:1px solid var(--line);border-radius:8px;background:var(--paper)}
.pick:hover .face{background:var(--field)}
.scale .pick{flex:1;min-width:24px}
.scale .face{justify-content:center;font-size:14px;font-variant-numeric:tabular-nums}
.list{display:grid;gap:6px}
.list .face{gap:.625rem;padding:.5rem .75rem;overflow-wrap:anywhere}
.dot{flex:none;width:16px;height:16px;border:1.5px solid var(--line);border-radius:50%;display:grid;place-items:center}
.box{border-radius:4px}
.dot::after{content:"";width:8px;height:8px;border-radius:inherit;background:var(--accent-ink);opacity:0}
.pick :checked+.face{background:var(--accent);border-color:var(--edge);color:var(--accent-ink)}
:checked+.face .dot{border-color:currentColor}
:checked+.face .dot::after{opacity:1}
.ends{display:flex;justify-content:space-between;gap:1rem;margin-top:.375rem;font-size:13px;color:var(--soft)}
textarea,.mail{display:block;width:100%;padding:.5rem .75rem;border:1px solid var(--line);border-radius:8px;background:var(--field);font-size:16px;line-height:1.4}
textarea{min-height:5.5rem;resize:vertical}
.foot{display:flex;gap:.5rem;justify-content:flex-end;align-items:center;margin-top:1rem}
.foot button{min-height:40px;padding:.375rem 1rem;border-radius:8px;cursor:pointer;font-weight:600}
.go{background:var(--accent);color:var(--accent-ink);border:1px solid var(--edge)}
.go:hover{filter:brightness(1.06)}
.back{background:none;border:1px solid transparent;color:var(--soft)}
.back:hover{background:var(--field);color:var(--ink)}
.error{color:var(--bad);font-size:13px;margin-top:.5rem}
.error:empty{display:none}
.thanks{font-weight:600;font-size:16px;overflow-wrap:anywhere;margin:.5rem 0}
:focus-visible,:focus-visible+.face{outline:2px solid var(--ink);outline-offset:2px}
.pick input:focus-visible{outline:0}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:480px){.panel:not(.inline){left:0;right:0;top:auto;bottom:0;width:auto;max-width:none;max-height:75vh;max-height:75dvh;border-radius:16px 16px 0 0;border-width:1px 0 0;padding-bottom:calc(1.25rem + env(safe-area-inset-bottom))}}
@media(prefers-reduced-motion:reduce){.panel{animation:none}}
@media(forced-colors:active){:checked+.face{outline:3px solid Highlight}}
@media print{.panel{display:none}}
`;

/**
 * Returns the widget's style sheet. It is constructed, not written into the page, so that a strict
 * Content-Security-Policy does not mind it; the colour has been checked to be one by the server.
 */
export const makeStyle = ({ theme, primary_color }: Appearance): CSSStyleSheet => {
  const accent = /^#([\da-f]{3}){1,2}$/i.test(primary_color || "") ? primary_color! : ACCENT;
  const own = `--accent:${accent};--accent-ink:${pickInk(accent)}`;
  const [light, dark] = [declare(LIGHT, accent), declare(DARK, accent)];
  const base = `.panel{${own};color-scheme:${theme == "dark" ? "dark" : "light"};${theme == "dark" ? dark : light}}`;
  const night = `@media(prefers-color-scheme:dark){.panel{color-scheme:dark;${dark}}}`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES + base + (theme == "light" || theme == "dark" ? "" : night));
  return sheet;
};
