/** Tells whether a path matches any pattern; `*` stands for any characters, no pattern for all. */
export const matchPage = (path: string, patterns: string[] | undefined): boolean =>
  !patterns?.length ||
  patterns.some((pattern) => {
    const plain = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${plain.join(".*")}/?$`).test(path);
  });
