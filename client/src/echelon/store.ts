/** Reads a value of the tab's storage; null where the page may not store. */
export const recall = (key: string, storage = "sessionStorage" as "sessionStorage" | "localStorage"): string | null => {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
};

/** Keeps a value in the tab's storage, where the page may store. */
export const remember = (
  key: string,
  value: string,
  storage = "sessionStorage" as "sessionStorage" | "localStorage",
): void => {
  try {
    window[storage].setItem(key, value);
  } catch {}
};
