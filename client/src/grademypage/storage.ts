type Store = Record<string, string>;

/** Returns a storage of the browser, an object of this page where it is blocked. */
export const openStorage = (name: "localStorage" | "sessionStorage"): Store => {
  try {
    return self[name] as unknown as Store;
  } catch {
    return {};
  }
};

/** What lasts. */
export let store = openStorage("localStorage");

/** Keeps a text, in this page when the browser takes no more. */
export const keep = (name: string, text: string): void => {
  try {
    store[name] = text;
  } catch {
    store = { ...store, [name]: text };
  }
};
