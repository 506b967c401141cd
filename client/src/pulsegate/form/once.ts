import type { Payload } from "../../type/form.ts";

/** 128 random bits as hex, also where a page without TLS has no `randomUUID`. */
const makeId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Makes what gives a filled form an id of its own: the same one while the same is sent again, because
 * its answer was lost, and a new one as soon as anything was written differently.
 */
export const makeOnce = (): ((payload: Payload) => Payload) => {
  let before = "";
  let id = "";
  return (payload) => {
    // The time since the form appeared passes between two attempts.
    const written = JSON.stringify({ ...payload, __pg_tts: 0 });
    if (written != before) id = makeId();
    before = written;
    return { ...payload, __pg_sid: id };
  };
};
