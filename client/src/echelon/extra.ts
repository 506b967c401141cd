const MOST_KEYS = 8;
const MOST_CHARACTERS = 256;
const PREFIX = "echelon";
const OWN = ["echelonClick", "echelonHover", "echelonForm"];

/** The further `data-echelon-*` attributes of an element, as the event's data. */
export const readExtras = (element: HTMLElement): Record<string, string> => {
  const extras: Record<string, string> = {};
  for (const [key, value] of Object.entries(element.dataset)) {
    if (!key.startsWith(PREFIX) || OWN.includes(key)) continue;
    if (Object.keys(extras).length == MOST_KEYS) break;
    const name = key.slice(PREFIX.length);
    extras[name[0]!.toLowerCase() + name.slice(1)] = (value || "").slice(0, MOST_CHARACTERS);
  }
  return extras;
};
