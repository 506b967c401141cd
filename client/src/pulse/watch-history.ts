import { navigate } from "./page.ts";

/** Hears of every way a single-page app has to change the address. */
export const watchHistory = (): void => {
  addEventListener("popstate", () => navigate(2));
  (["replaceState", "pushState"] as const).forEach((name, index) => {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      navigate(index + 1);
    };
  });
};
