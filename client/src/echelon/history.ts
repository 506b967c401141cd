/** Calls `turn` when a single-page app has turned to another path. */
export const watchHistory = (turn: () => void): void => {
  let path = location.pathname;
  const check = (): void => {
    if (location.pathname == path) return;
    path = location.pathname;
    turn();
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = (...args) => {
      original.apply(history, args);
      check();
    };
  }
  addEventListener("popstate", check);
};
