import { measureContrast, pickEdge, pickInk } from "../../survey/color.ts";
import type { CustomTheme, Theme } from "../../type/form.ts";

const ACCENT = "#3b5bdb";
const FONT = `system-ui,-apple-system,"Segoe UI",Roboto,sans-serif`;

type Ground = { paper: string; ink: string };

const LIGHT: Ground = { paper: "#ffffff", ink: "#16181d" };
const DARK: Ground = { paper: "#1b1e24", ink: "#f1f3f6" };

/** Returns a colour of any notation as six digits; `fallback` for what is none or shines through. */
const readColor = (color: string | undefined, fallback: string): string => {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen || !color || !CSS.supports("color", color)) return fallback;
  pen.fillStyle = color;
  return pen.fillStyle.length == 7 ? pen.fillStyle : fallback;
};

const isLength = (text: string): boolean => /^\d+(\.\d+)?(px|rem|em|%)?$/.test(text);

const declare = (theme: CustomTheme, ground: Ground): string => {
  const paper = readColor(theme.background, ground.paper);
  const ink = readColor(theme.textColor, theme.background ? pickInk(paper) : ground.ink);
  const accent = readColor(theme.primaryColor, ACCENT);
  const isDark = measureContrast(paper, "#ffffff") > measureContrast(paper, "#000000");
  const radius = "" + (theme.borderRadius ?? "");
  const font = theme.fontFamily && /^[\w\s,'"-]+$/.test(theme.fontFamily) ? `${theme.fontFamily},` : "";
  return `color-scheme:${isDark ? "dark" : "light"};--paper:${paper};--ink:${ink};
--soft:color-mix(in srgb,${ink} 70%,${paper});--line:color-mix(in srgb,${ink} 52%,${paper});
--rim:color-mix(in srgb,${ink} 13%,${paper});--field:color-mix(in srgb,${ink} ${isDark ? 5 : 0}%,${paper});
--accent:${accent};--accent-ink:${pickInk(accent)};--edge:${pickEdge(accent, paper, ink)};
--bad:${isDark ? "#ff9a8f" : "#b42318"};--radius:${isLength(radius) ? (+radius ? `${radius}px` : radius) : "10px"};
font-family:${font}${FONT}`;
};

// Without a ground of its own, a form takes the page's letters and colours.
const MINIMAL = `.form{padding:0;border:0;background:none;box-shadow:none;color:inherit;font-family:inherit;
--ink:currentColor;--paper:Canvas;--soft:color-mix(in srgb,currentColor 75%,transparent);
--line:color-mix(in srgb,currentColor 55%,transparent);--rim:transparent;--field:transparent;
--accent:transparent;--accent-ink:currentColor;--edge:currentColor;--bad:#d92d20;--radius:4px}
select option{color:CanvasText;background:Canvas}`;

const RULES = `
:host{display:block!important}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit;letter-spacing:inherit}
.form{position:relative;max-width:32rem;padding:1.75rem;background:var(--paper);color:var(--ink);
border:1px solid var(--rim);border-radius:calc(var(--radius)*1.4);box-shadow:0 1px 2px #0000000d,0 8px 24px #00000012;
font-size:16px;line-height:1.45;font-weight:400;text-align:start;overflow-wrap:anywhere}
h2{font-size:1.375rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
.lead{color:var(--soft);margin-top:.375rem}
.head{margin-bottom:1.25rem}
.note{font-size:.8125rem;color:var(--soft);margin-bottom:.875rem}
fieldset{border:0;padding:0;min-width:0}
.field{display:block}
.field>label:not(.pick),legend{display:block;padding:0;font-size:.9375rem;font-weight:550;margin-bottom:.375rem}
.star{color:var(--bad)}
.hint{font-size:.8125rem;color:var(--soft);margin:-.125rem 0 .375rem}
input:not([type=checkbox],[type=radio]),select,textarea{display:block;width:100%;min-height:2.75rem;padding:.5625rem .75rem;
font-size:1rem;line-height:1.4;border:1px solid var(--line);border-radius:var(--radius);background:var(--field);
transition:border-color .12s,box-shadow .12s}
input[dir=ltr]:dir(ltr){text-align:start}
:host(:dir(rtl)) input[dir=ltr]{text-align:right}
textarea{min-height:6.5rem;resize:vertical}
::placeholder{color:var(--soft);opacity:1}
select{appearance:none;padding-inline-end:2.5rem;text-overflow:ellipsis;cursor:pointer}
.choice{display:block;position:relative}
.choice::after{content:"";position:absolute;inset-inline-end:1rem;top:50%;width:.5rem;height:.5rem;margin-top:-.4375rem;
border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(45deg);pointer-events:none}
.list{display:grid;gap:.25rem}
.pick{display:flex;align-items:flex-start;gap:.625rem;padding:.375rem 0;min-height:2.25rem;cursor:pointer}
.pick input{flex:none;width:1.25rem;height:1.25rem;margin-top:.0625rem;accent-color:var(--edge);cursor:pointer}
.error{min-height:1.375rem;padding-top:.25rem;margin-bottom:.625rem;font-size:.8125rem;line-height:1.125rem;color:var(--bad)}
.bad input:not([type=checkbox],[type=radio]),.bad select,.bad textarea{border-color:var(--bad);box-shadow:inset 0 0 0 1px var(--bad)}
input:hover,select:hover,textarea:hover{border-color:var(--ink)}
:is(input,select,textarea,button,a):focus-visible{outline:2px solid var(--edge);outline-offset:2px}
.summary{margin-bottom:1.125rem;padding:.75rem 1rem;border:1px solid var(--bad);border-inline-start-width:4px;border-radius:var(--radius)}
.summary:focus,.thanks:focus{outline:0}
.summary b{display:block;font-weight:600}
.summary ul{margin:.25rem 0 0;padding:0;list-style:none}
.summary a{display:inline-block;padding:.1875rem 0;color:var(--bad);text-decoration:underline;text-underline-offset:2px;cursor:pointer}
button{display:block;width:100%;min-height:3rem;margin-top:.25rem;padding:.625rem 1.25rem;border-radius:var(--radius);cursor:pointer;
font-size:1rem;font-weight:600;background:var(--accent);color:var(--accent-ink);border:1px solid var(--edge);transition:filter .12s}
button:hover{filter:brightness(1.07)}
button:active{filter:brightness(.95)}
button[aria-disabled=true]{cursor:progress;opacity:.7}
.thanks{display:grid;scroll-margin:5rem;place-content:center;justify-items:center;gap:.875rem;text-align:center;font-size:1.0625rem;font-weight:550;text-wrap:balance}
.thanks svg{width:3rem;height:3rem;fill:none;stroke:var(--edge);stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.trap{position:absolute;left:-9999px}
@media(max-width:420px){.form{padding:1.25rem}}
@media(forced-colors:active){.bad input,.bad select,.bad textarea{outline:2px solid Mark}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{button{display:none}}
`;

/**
 * Returns a form's style sheet. It is constructed, not written into the page, so that a strict
 * Content-Security-Policy does not mind it.
 */
export const makeStyle = (theme: Theme = "light"): CSSStyleSheet => {
  const ground = theme == "dark" ? DARK : LIGHT;
  const own = typeof theme == "object" ? theme : {};
  const sheet = new CSSStyleSheet();
  const reset = theme == "minimal" ? "" : ":host{all:initial!important}";
  sheet.replaceSync(reset + RULES + (theme == "minimal" ? MINIMAL : `.form{${declare(own, ground)}}`));
  return sheet;
};
