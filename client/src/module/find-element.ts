/** The element an event began at, seen through open shadow roots. */
export const findElement = (event: Event): Element | null => {
  const target = event.composedPath()[0] ?? event.target;
  return target instanceof Element ? target : null;
};
