import type { Payload } from "../type/payload.ts";

/**
 * Turns a call of `pulse()` into the type and payload of its event. Both styles are accepted:
 * `pulse("event", { name, data })` and `pulse("event", name, data, amount, currency)`.
 */
export const parseCall = (
  action: string,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  d?: unknown,
): [type: string, payload: Payload] => [
  action == "search" ? "search_query" : action,
  action == "identify"
    ? { traits: a }
    : typeof a == "object"
      ? (a as Payload)
      : action == "search"
        ? { query: a, results_count: b }
        : action == "event"
          ? { name: a, data: b, revenue_amount: c, revenue_currency: d }
          : { survey_id: a, answers: b, completed: c },
];
