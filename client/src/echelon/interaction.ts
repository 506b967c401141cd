// Nobody acts sooner; what does is a program, and the server would not believe it.
const LEAST_MS = 800;

// Who looks at a page for so long without touching it has read it.
const READ_MS = 4000;

const SIGNS = ["pointerdown", "scroll", "click", "keydown"] as const;

/** Calls `act` with the milliseconds until a person did something on the page, once. */
export const watchInteraction = (act: (after_ms: number) => void): void => {
  const began = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = (): number => Math.round(performance.now() - began);
  const finish = (): void => {
    for (const sign of SIGNS) removeEventListener(sign, hear, true);
    document.removeEventListener("visibilitychange", hide);
    clearTimeout(timer);
    act(Math.max(passed(), LEAST_MS));
  };
  const hear = (event: Event): void => {
    if (!event.isTrusted || timer) return;
    timer = setTimeout(finish, Math.max(0, LEAST_MS - passed()));
  };
  const hide = (): void => {
    if (document.hidden && (timer || passed() >= READ_MS)) finish();
  };
  for (const sign of SIGNS) addEventListener(sign, hear, { capture: true, passive: true });
  document.addEventListener("visibilitychange", hide);
};
