import { guard } from "../module/guard.ts";
import type { Trigger } from "../type/survey.ts";

/** Undoes what was armed. */
export type Disarm = () => void;

/** Names of events for which surveys wait, each with what to do. */
export const awaited = new Map<string, Set<() => void>>();

const on = (target: EventTarget, name: string, listener: (event: any) => void): Disarm => {
  const guarded = guard(listener);
  target.addEventListener(name, guarded, { passive: true });
  return () => target.removeEventListener(name, guarded);
};

/** Calls `show` when the moment of a trigger has come; maybe more than once. */
export const arm = (trigger: Trigger, show: () => void): Disarm => {
  // Nobody is asked in a tab that nobody sees.
  const undo: Disarm[] = [];
  const showWhenSeen = (): void => {
    if (!document.hidden) show();
    else undo.push(on(document, "visibilitychange", () => document.hidden || show()));
  };
  const later = (): void => {
    const timer = setTimeout(guard(showWhenSeen), (trigger.delay_seconds || 0) * 1e3);
    undo.push(() => clearTimeout(timer));
  };
  switch (trigger.type) {
    case "scroll_percent": {
      const measure = (): void => {
        const seen = scrollY + innerHeight;
        const height = document.documentElement.scrollHeight;
        if ((100 * seen) / height >= trigger.scroll_percent!) later();
      };
      undo.push(on(window, "scroll", measure));
      break;
    }
    case "exit_intent":
      // The pointer leaves at the top, where tabs and the address are.
      undo.push(
        on(document.documentElement, "mouseleave", (event: MouseEvent) => {
          if (event.clientY <= 0) later();
        }),
      );
      break;
    case "event": {
      const name = trigger.event_name!;
      const waiting = awaited.get(name) || new Set();
      awaited.set(name, waiting.add(later));
      undo.push(() => waiting.delete(later));
      break;
    }
    default:
      later();
  }
  return () => undo.forEach((one) => one());
};
