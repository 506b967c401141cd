import { api, key } from "./options.ts";

/** Events the server has not taken yet. They survive in the tab until it does, in order. */
let failed = new Set<string>();
try {
  failed = new Set(JSON.parse(sessionStorage[key]));
} catch {}

// 99 events bound what a page holds while its server is away.
const MOST_FAILED = 99;
const FIRST_WAIT_MS = 2e3;
// From here on trying again may help; the few statuses between 429 and 500 are no refusals of ours.
const TOO_BUSY = 429;

/**
 * Posts one event; tries again later, with the same id, when the server is away, too busy or
 * broken. A plain-text body needs no preflight, `keepalive` lets it outlive the page.
 */
export const deliver = async (body: string, wait_ms = FIRST_WAIT_MS): Promise<void> => {
  try {
    const answer = await fetch(api + "collect?key=" + key, {
      method: "POST",
      body,
      keepalive: true,
    });
    if (answer.status >= TOO_BUSY) throw 0;
    failed.delete(body);
  } catch {
    if (failed.add(body).size > MOST_FAILED) failed.delete(body);
    else setTimeout(deliver, wait_ms, body, wait_ms * 2);
  }
  try {
    if (failed.size) sessionStorage[key] = JSON.stringify([...failed]);
    else delete sessionStorage[key];
  } catch {}
};

/** Posts what the previous page of this tab could not. */
export const deliverFailed = (): void => failed.forEach((body) => deliver(body));
