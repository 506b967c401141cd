import type { Payload } from "./payload.ts";

/** Sends one event. Adds path, time and id; never throws. */
export type Send = (type: string, payload?: Payload) => void;
