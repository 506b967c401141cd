/** What a browser remembers of one survey. */
type Trace = {
  /** When it was shown, milliseconds since the epoch. */
  shown?: number;
  /** When it was closed or answered. */
  closed?: number;
  /** The visitor's lot for a survey that only some may see, 0 to 100. */
  lot?: number;
};

const NAME = "_pulse_surveys";

// A survey that may come again rests for a day after it was closed or answered.
const REST_MS = 864e5;

let traces: Record<string, Trace> = {};

// Read anew each time: other tabs write here too. Without storage the page remembers by itself.
const read = (id: string): Trace => {
  try {
    traces = JSON.parse(localStorage.getItem(NAME) || "{}") || {};
  } catch {}
  return (traces[id] ||= {});
};

/** Notes something about a survey. */
export const remember = (id: string, trace: Trace): void => {
  Object.assign(read(id), trace);
  try {
    localStorage.setItem(NAME, JSON.stringify(traces));
  } catch {}
};

/** Tells whether a survey may be shown to this visitor now. */
export const isWelcome = (id: string, isOnce: boolean, samplePercent: number): boolean => {
  const trace = read(id);
  if (isOnce ? trace.shown || trace.closed : Date.now() - (trace.closed || 0) < REST_MS) return false;
  if (samplePercent >= 100) return true;
  if (trace.lot == null) remember(id, { lot: Math.random() * 100 });
  return read(id).lot! < samplePercent;
};
