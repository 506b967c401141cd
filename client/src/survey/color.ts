type Rgb = [red: number, green: number, blue: number];

const WHITE = "#ffffff";
const BLACK = "#16181d";

const parseColor = (color: string): Rgb => {
  const digits = color.length < 5 ? color.replace(/[^#]/g, "$&$&") : color;
  return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16)) as Rgb;
};

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const measureLight = (color: string): number => {
  const [red, green, blue] = parseColor(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast ratio of two colours, 1 to 21. */
export const measureContrast = (a: string, b: string): number => {
  const [dark, light] = [measureLight(a), measureLight(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** The text colour that reads better on `color`; one of both always reaches 4.5 to 1. */
export const pickInk = (color: string): string =>
  measureContrast(color, WHITE) >= measureContrast(color, BLACK) ? WHITE : BLACK;

/** A colour for edges: `color` where it stands out from the ground, else `fallback`. */
export const pickEdge = (color: string, ground: string, fallback: string): string =>
  measureContrast(color, ground) >= 3 ? color : fallback;
