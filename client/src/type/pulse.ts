/** One call of the global `pulse()`: the action and what follows it. */
export type PulseCall = [action: string, a?: unknown, b?: unknown, c?: unknown, d?: unknown];

/** The global function; before the script has loaded, a stub that fills `q`. */
export type Pulse = ((...call: PulseCall) => void) & { q?: PulseCall[] };

declare global {
  interface Window {
    pulse?: Pulse;
  }
}
