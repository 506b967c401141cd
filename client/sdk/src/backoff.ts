const FIRST_WAIT_MS = 1000;

// A server that was away for long is found again within a minute.
const LONGEST_WAIT_MS = 60_000;

/**
 * The wait after a number of failures in a row: 1, 2, 4 … 60 s, of which a random half is taken
 * off, so that pages that failed together do not come back together. A server's own wish
 * (`Retry-After`) is the least; `random` is in [0, 1).
 */
export const computeWait = (
  failures: number,
  wished_ms: number,
  random = Math.random(),
): number => {
  const wait_ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  return Math.max(wait_ms * (1 - random / 2), wished_ms && wished_ms + random * FIRST_WAIT_MS);
};

/** Reads `Retry-After`: seconds or a date. 0 when it says nothing. */
export const parseRetryAfter = (header: string | null, now_ms: number): number => {
  if (!header) return 0;
  const seconds = Number(header);
  const wait_ms = Number.isNaN(seconds) ? Date.parse(header) - now_ms : seconds * 1000;
  return wait_ms > 0 ? Math.min(wait_ms, 3_600_000) : 0;
};
