type Attributes = Record<string, string | number | boolean>;

/** Makes an element; text becomes text, never markup. */
export const make = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(key, value === true ? "" : `${value}`);
  made.append(...content);
  return made;
};

const SHAPES = { play: "M6 4l10 6-10 6z", pause: "M5 4h4v12H5zM11 4h4v12h-4z" };

/** Makes an icon of a button. */
export const icon = (name: keyof typeof SHAPES): SVGElement => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
};
