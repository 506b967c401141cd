import { parseRetryAfter } from "./backoff.ts";
import type { Entry } from "./entry.ts";
import { KeyError, RefusedError } from "./error.ts";

/** What a delivery came to. */
export type Answer =
  | {
      readonly kind: "taken";
      readonly accepted: number;
      readonly dropped: Readonly<Record<string, number>>;
    }
  | { readonly kind: "refused"; readonly error: RefusedError }
  | { readonly kind: "forbidden"; readonly error: KeyError }
  | { readonly kind: "failed"; readonly reason: string; readonly wished_ms: number };

/** Delivers entries in one request; never throws. */
export type Post = (entries: readonly Entry[]) => Promise<Answer>;

// A request that has not been answered by now never will be.
const TIMEOUT_MS = 20_000;

// Too early, timed out, too busy: the three refusals that do not last.
const PASSING = [408, 425, 429];

/** Reads `reason` (of one event) or `reason=3, other=1` (of several). */
const parseDropped = (header: string | null): Record<string, number> =>
  Object.fromEntries(
    (header ?? "")
      .split(",")
      .map((part) => part.trim().split("="))
      .filter(([reason]) => reason)
      .map(([reason, count]) => [reason, Number(count ?? 1)]),
  );

const readAnswer = async (response: Response, count: number): Promise<Answer> => {
  const { status, headers } = response;
  const body: unknown = await response.json().catch(() => null);
  const { ok, accepted, error } = (body ?? {}) as Record<string, unknown>;
  const sentence = typeof error == "string" ? error : `The server answered with status ${status}.`;
  // A page that says 200 without our word in it is a stranger's: a hotel's, a wrong address.
  if (response.ok && ok === true) {
    const dropped = parseDropped(headers.get("footfall-dropped"));
    const lost = Object.values(dropped).reduce((sum, n) => sum + n, 0);
    return {
      kind: "taken",
      accepted: typeof accepted == "number" ? accepted : count - lost,
      dropped,
    };
  }
  if (status == 401 || status == 403)
    return { kind: "forbidden", error: new KeyError(sentence, status) };
  if (status >= 400 && status < 500 && !PASSING.includes(status))
    return { kind: "refused", error: new RefusedError(sentence, status) };
  const wished_ms = parseRetryAfter(headers.get("retry-after"), Date.now());
  return { kind: "failed", reason: sentence, wished_ms };
};

/** How a request looks beside its address and its body. */
export interface Request extends Pick<RequestInit, "headers" | "keepalive"> {
  readonly base: string;
  /** What follows the path, with its question mark. */
  readonly query?: string;
}

/**
 * Sends entries in one request and says what it came to. A single one goes to `/api/collect`, where
 * the server's sentences speak of it and not of a list.
 */
export const post = async (entries: readonly Entry[], request: Request): Promise<Answer> => {
  const { base, query = "", ...init } = request;
  const isOne = entries.length == 1;
  const bodies = entries.map((entry) => entry.body).join();
  const body = isOne ? bodies : `{"events":[${bodies}]}`;
  try {
    const url = `${base}/api/${isOne ? "collect" : "batch"}${query}`;
    const signal = AbortSignal.timeout?.(TIMEOUT_MS);
    const response = await fetch(url, { method: "POST", body, ...(signal && { signal }), ...init });
    return await readAnswer(response, entries.length);
  } catch (error) {
    return { kind: "failed", reason: String((error as Error)?.message ?? error), wished_ms: 0 };
  }
};
