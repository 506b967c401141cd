/** Wraps a function so that nothing it does wrong reaches the host page. */
export const guard =
  <Args extends unknown[]>(run: (...args: Args) => void) =>
  (...args: Args): void => {
    try {
      run(...args);
    } catch {}
  };
