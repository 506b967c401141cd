import { guard } from "./guard.ts";

/** Listens on the window before the page can stop the event, and never throws. */
export const listen = <Name extends keyof WindowEventMap>(
  name: Name,
  listener: (event: WindowEventMap[Name]) => void,
): void => addEventListener(name, guard(listener), { capture: true, passive: true });
