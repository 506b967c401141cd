/** Wraps a listener so that nothing it does wrong reaches the host page. */
export const guard =
  <Args extends unknown[]>(listener: (...args: Args) => void) =>
  (...args: Args): void => {
    try {
      listener(...args);
    } catch {}
  };
