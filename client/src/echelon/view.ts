import { options, origin, setting, site } from "./setting.ts";
import { session } from "./session.ts";
import { solved } from "./solved.ts";
import { readConsent } from "./consent.ts";
import { pack } from "./pack.ts";
import { token } from "./token.ts";
import { recall, remember } from "./store.ts";

// A proof is solved in far less; a page whose device is busy is not held up longer.
const TOKEN_WAIT_MS = 150;
const TAGS_KEY = "_eutm";
const TAGS: Record<string, string> = {
  uc: "utm_campaign",
  us: "utm_source",
  um: "utm_medium",
  uct: "utm_content",
  ut: "utm_term",
};

/** The campaign of the visit: of this address, else of the page it began with. */
const readTags = (): Record<string, string> => {
  const asked = new URLSearchParams(location.search);
  const tags: Record<string, string> = {};
  for (const [short, name] of Object.entries(TAGS)) {
    const value = asked.get(name);
    if (value) tags[short] = value;
  }
  if (tags["uc"]) remember(TAGS_KEY, JSON.stringify(tags));
  else
    try {
      return JSON.parse(recall(TAGS_KEY) || "{}");
    } catch {}
  return tags;
};

const isForeign = (referrer: string): boolean => !!referrer && new URL(referrer).host != location.host;

/** Sends the view of the page. `interaction` is the milliseconds until somebody did something, or
 * "spa" where the page turned itself. */
export const view = async (interaction: number | "spa"): Promise<void> => {
  const path = location.pathname + location.search;
  const referrer = interaction == "spa" ? "" : document.referrer;
  const tags = readTags();
  await Promise.race([token, new Promise((resolve) => setTimeout(resolve, TOKEN_WAIT_MS))]);
  const asked = new URLSearchParams({
    p: pack(path),
    s: site,
    sid: session,
    _v: `${interaction}`,
    sw: `${screen.width}`,
    sh: `${screen.height}`,
  });
  if (isForeign(referrer)) asked.set("ref", pack(referrer));
  if (solved) asked.set("tok", solved);
  if (setting.k && options["cookie"] != null && readConsent()) asked.set("ck", "1");
  if (matchMedia("(display-mode: standalone)").matches) asked.set("pwa", "1");
  for (const [short, value] of Object.entries(tags)) asked.set(short, pack(value));
  new Image(1, 1).src = `${origin}/b.gif?${asked}`;
};
