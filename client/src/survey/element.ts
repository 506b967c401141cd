type Attributes = Record<string, string | undefined>;

/** Makes an element. Text is text, never HTML; `style` attributes are left to style sheets. */
export const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  for (const key in attributes)
    if (attributes[key] != null) made.setAttribute(key, attributes[key]);
  made.append(...children);
  return made;
};
