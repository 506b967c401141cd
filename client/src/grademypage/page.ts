/** Where the visitor came from; "" once a single-page app has moved on. */
export let referrer = document.referrer;

const readPath = (): string => location.pathname + location.search;

let path = readPath();

/** Calls `enter` whenever a page opens without being loaded: a single-page app changes the address,
 * or the browser brings a page back as it was. */
export const watchPage = (enter: () => void): void => {
  // `parts` 2 compares the query as well; 1 does not, for apps that merely tidy their query.
  const navigate = (parts: number): void => {
    const before = path;
    path = readPath();
    if ("" + before.split("?", parts) == "" + path.split("?", parts)) return;
    referrer = "";
    enter();
  };
  addEventListener("popstate", () => navigate(2));
  addEventListener("pageshow", ({ persisted }) => persisted && enter());
  (["replaceState", "pushState"] as const).forEach((name, index) => {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      navigate(index + 1);
    };
  });
};
