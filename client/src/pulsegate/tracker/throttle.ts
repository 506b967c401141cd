/** Calls `act` at once and then at most every `every_ms`, with what was given last. */
export const throttle = <Args extends unknown[]>(
  every_ms: number,
  act: (...args: Args) => void,
): ((...args: Args) => void) => {
  let last: Args | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    timer = undefined;
    if (last) run(...last);
  };
  const run = (...args: Args): void => {
    if (timer) {
      last = args;
      return;
    }
    last = undefined;
    timer = setTimeout(open, every_ms);
    act(...args);
  };
  return run;
};
