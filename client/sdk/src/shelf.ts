import { MOST_AGE_MS } from "./courier.ts";
import type { Entry } from "./entry.ts";

interface Shelved {
  /** When its tab last wrote it. */
  readonly touched_ms: number;
  /** True when its tab has been left; then anybody may take it over. */
  readonly isLeft: boolean;
  readonly entries: readonly Entry[];
}

// A tab that lives writes at least once a minute while anything waits: a retry is never later.
const STALE_MS = 5 * 60_000;

/**
 * Keeps unconfirmed events in `localStorage`, each tab under a name of its own, so that no tab
 * overwrites another's. What a tab leaves behind is taken over by one other; should two ever take
 * the same, the ids make it count once. Never throws, and keeps nothing where storage is blocked.
 */
export class Shelf {
  readonly #prefix: string;
  readonly #name: string;

  constructor(apiKey: string) {
    this.#prefix = `footfall:${apiKey}:`;
    this.#name = this.#prefix + Math.random().toString(36).slice(2);
  }

  /** Replaces what this tab keeps; nothing at all is stored when there is nothing to keep. */
  save(entries: readonly Entry[], { isLeft }: { isLeft: boolean }): void {
    try {
      if (!entries.length) localStorage.removeItem(this.#name);
      else {
        const shelved: Shelved = { touched_ms: Date.now(), isLeft, entries };
        localStorage.setItem(this.#name, JSON.stringify(shelved));
      }
    } catch {}
  }

  /** Hands over what tabs that are gone have left, and takes it off their shelves. */
  async adopt(adopted: (entries: readonly Entry[]) => void): Promise<void> {
    try {
      const take = (): void => this.#list().forEach((name) => this.#take(name, adopted));
      if (navigator.locks) await navigator.locks.request(this.#prefix, take);
      else take();
    } catch {}
  }

  /** Forgets everything, that of other tabs as well. */
  clear(): void {
    try {
      for (const name of [...this.#list(), this.#name]) localStorage.removeItem(name);
    } catch {}
  }

  #list(): string[] {
    return Object.keys(localStorage).filter(
      (name) => name.startsWith(this.#prefix) && name != this.#name,
    );
  }

  #take(name: string, adopted: (entries: readonly Entry[]) => void): void {
    const shelved = parseShelved(localStorage.getItem(name));
    if (shelved && !shelved.isLeft && Date.now() - shelved.touched_ms < STALE_MS) return;
    // Ours first: should the tab die in between, it is there twice and counts once.
    if (shelved) adopted(shelved.entries);
    localStorage.removeItem(name);
  }
}

/** Reads what a shelf holds, without what is too old; null when it is none of ours. */
export const parseShelved = (text: string | null): Shelved | null => {
  try {
    const { touched_ms, isLeft, entries } = JSON.parse(text ?? "") as Shelved;
    const oldest_ms = Date.now() - MOST_AGE_MS;
    return {
      touched_ms: Number(touched_ms),
      isLeft: !!isLeft,
      entries: entries.filter(
        ({ id, body, at_ms }) =>
          typeof id == "string" && typeof body == "string" && at_ms > oldest_ms,
      ),
    };
  } catch {
    return null;
  }
};
