import { RefusedError } from "./error.ts";
import type { Payload } from "./payload.ts";

/** One event, ready to be sent as often as it takes. */
export interface Entry {
  readonly id: string;
  readonly type: string;
  /** When it was handed over, by the clock of this machine. */
  readonly at_ms: number;
  /** Its JSON. */
  readonly body: string;
  readonly size_bytes: number;
  /** Headers of the visitor's own request that a backend passes on, as JSON; "" for none. */
  readonly from: string;
}

/** The largest event: browsers allow 64 KiB in flight, and the list around it takes some. */
export const MOST_EVENT_BYTES = 60_000;

const encoder = new TextEncoder();

/** Draws the id of an event: it makes a repeated delivery count once. */
const drawId = (): string => {
  const random = new Uint32Array(4);
  // Either part alone is enough; browsers without crypto still have the second.
  globalThis.crypto?.getRandomValues(random);
  const words = [...random, Math.random() * 2 ** 52];
  return words.map((word) => Math.trunc(word).toString(36)).join("");
};

/** Renders a payload as it is at this moment. Throws RefusedError: no JSON, or too large. */
export const renderEntry = (payload: Payload, from = ""): Entry => {
  const at_ms = Date.now();
  const id = payload.id ?? drawId();
  let body: string;
  try {
    body = JSON.stringify({ ...payload, id, timestamp: +(payload.timestamp ?? at_ms) });
  } catch (error) {
    const { message } = error as Error;
    throw new RefusedError(`The ${payload.type} is no JSON: ${message}`, 0, payload);
  }
  const size_bytes = encoder.encode(body).length;
  if (size_bytes > MOST_EVENT_BYTES)
    throw new RefusedError(
      `The ${payload.type} has ${size_bytes} bytes; at most ${MOST_EVENT_BYTES} can be sent.`,
      413,
      payload,
    );
  return { id, type: payload.type, at_ms, body, size_bytes, from };
};
