import { guard } from "./guard.ts";
import { api, project } from "./place.ts";
import { openStorage } from "./storage.ts";

const BATCH_EVENTS = 20;
const WAIT_MS = 5e3;

// 100 events bound what a page holds while its server is away.
const MOST_EVENTS = 100;

// Browsers allow 64 KiB in flight for requests that outlive the page; a character takes up to
// three bytes.
const MOST_CHARACTERS = 2e4;

// From here on trying again may help.
const TOO_BUSY = 429;

/** What lasts as long as the tab. */
export const tab = openStorage("sessionStorage");

/** Events the server has not taken yet, as JSON. They survive in the tab, so that the next page
 * sends them again: the server knows what it has. */
let queue: string[] = [];
let wait_ms = WAIT_MS;
let timer: number | undefined;

/** What is on its way: a page that is hidden and then left would send it twice. */
let flying: string | undefined;

guard(() => (queue = JSON.parse(tab["gmp_q"]!)))();

const save = guard((): void => {
  timer ||= setTimeout(flush, wait_ms);
  tab["gmp_q"] = JSON.stringify(queue);
});

/** Sends what waits. */
export const flush = (): void => {
  clearTimeout(timer);
  timer = 0;
  const batch = queue.slice(0, BATCH_EVENTS);
  while (("" + batch).length > MOST_CHARACTERS) batch.pop();
  const body = `{"projectId":"${project}","events":[${batch}]}`;
  if (batch[0] && body != flying)
    // A plain-text body needs no preflight, `keepalive` lets it outlive the page.
    fetch(api + "track", { method: "POST", body: (flying = body), keepalive: true })
      .then(({ status }) => {
        if (status >= TOO_BUSY) throw 0;
        queue = queue.filter((event) => !batch.includes(event));
        wait_ms = WAIT_MS;
      })
      .catch(() => {
        wait_ms *= 2;
      })
      .then(() => {
        flying = "";
        save();
      });
};

/** Adds an event; it is sent with others within seconds. */
export const add = (event: unknown): void => {
  const text = JSON.stringify(event);
  if (text.length < MOST_CHARACTERS) {
    queue = [...queue, text].slice(-MOST_EVENTS);
    save();
    if (queue.length == BATCH_EVENTS) flush();
  }
};
