/** What a selector is made of. Neither text nor values are ever read. */
export type Named = Pick<Element, "tagName" | "id"> & { classList: Iterable<string> };

const MOST_CLASSES = 2;

/** Names an element: its tag and its id, else its tag and its first two classes. */
export const renderSelector = ({ tagName, id, classList }: Named): string => {
  const tag = tagName.toLowerCase();
  if (id) return tag + "#" + id;
  return [tag, ...[...classList].slice(0, MOST_CLASSES)].join(".");
};
