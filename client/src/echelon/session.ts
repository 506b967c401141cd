import { recall, remember } from "./store.ts";

const KEY = "_esid";

const makeId = (): string =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );

/** The session: one per tab, for as long as the tab's storage lives. */
export const session = recall(KEY) || makeId();
remember(KEY, session);
