import type { Payload } from "./payload.ts";

/** What everything that can go wrong here has in common. The message is a whole sentence. */
export abstract class PulseError extends Error {}

/** The server will never take this event (400, 413): its sentence says why. Not tried again. */
export class RefusedError extends PulseError {
  override readonly name = "RefusedError";
  /** HTTP status; 0 when the event could not even be written as JSON. */
  readonly status: number;
  /** The event, where it is a single one. */
  readonly payload: Payload | undefined;

  constructor(message: string, status: number, payload?: Payload) {
    super(message);
    this.status = status;
    this.payload = payload;
  }
}

/** The key opens nothing, or not this (401, 403). Sending has stopped. */
export class KeyError extends PulseError {
  override readonly name = "KeyError";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The server could not be reached, or was too busy, for longer than events are kept. */
export class UndeliveredError extends PulseError {
  override readonly name = "UndeliveredError";
  /** Events that were given up or, for `flush()`, that still wait. */
  readonly count: number;

  constructor(message: string, count: number) {
    super(message);
    this.count = count;
  }
}

/** Something was asked of an SDK that is closed, or was never told its key and address. */
export class UsageError extends PulseError {
  override readonly name = "UsageError";
}

/** Hears of everything that goes wrong in the background. What it throws is ignored. */
export type OnError = (error: PulseError) => void;

/** Hears of errors where nobody else wants to. */
export const warn: OnError = (error) => console.warn(`Footfall: ${error.message}`);
