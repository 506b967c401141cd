import { cutBatch, MOST_EVENTS } from "./batch.ts";
import { computeWait } from "./backoff.ts";
import { Courier, isAboutModule } from "./courier.ts";
import { type Entry, renderEntry } from "./entry.ts";
import {
  type OnError,
  PulseError,
  RefusedError,
  UndeliveredError,
  UsageError,
  warn,
} from "./error.ts";
import { clampOption, parseApiUrl } from "./option.ts";
import type { BatchOutcome, Outcome } from "./outcome.ts";
import type { Payload } from "./payload.ts";
import { type Answer, post } from "./post.ts";

export { KeyError, PulseError, RefusedError, UndeliveredError, UsageError } from "./error.ts";
export type { OnError } from "./error.ts";
export type { BatchOutcome, DropReason, Outcome } from "./outcome.ts";
export type * from "./payload.ts";
export { Flags, type Flag, type FlagsOptions, readFlags } from "./flags.ts";

/** How a `PulseServer` behaves. Everything but the key and the address may be left out. */
export interface PulseServerOptions {
  /** A key with the scope `ingest`. */
  apiKey: string;
  /** Where your Footfall is, `https://footfall.example.com`. */
  apiUrl: string;
  /** How long an awaited call tries, in milliseconds. Default 30,000. */
  timeout?: number | undefined;
  /** `track()` sends when so many events wait, 1 to 100. Default 50. */
  batchSize?: number | undefined;
  /** `track()` sends at the latest after so many milliseconds. Default 1,000. */
  batchInterval?: number | undefined;
  /** Events of `track()` that may wait in memory; beyond it the oldest go. Default 10,000. */
  queueSize?: number | undefined;
  /** Hears of what goes wrong with `track()`. Default: `console.warn`. */
  onError?: OnError | undefined;
}

/** The visitor's own request, as far as your server passes it on. */
export interface From {
  /** The visitor's address. Heeded only where the server trusts yours: FOOTFALL_TRUSTED_PROXIES. */
  ip?: string | undefined;
  userAgent?: string | undefined;
  /** The visitor's `Accept-Language`. */
  language?: string | undefined;
}

// The server takes 1 MiB.
const MOST_BATCH_BYTES = 1_000_000;
const MOST_QUEUE_BYTES = 64_000_000;

/** Sends events from a backend. Needs nothing but `fetch`: Node 20, Deno, Bun, workers. */
export class PulseServer {
  readonly #options: PulseServerOptions;
  readonly #base: string;
  readonly #onError: OnError;
  readonly #courier: Courier;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  /** Throws UsageError without a key and an address. */
  constructor(options: PulseServerOptions) {
    this.#options = { ...options };
    this.#base = parseApiUrl(options.apiUrl);
    if (!this.#base)
      throw new UsageError(`apiUrl is '${options.apiUrl}'; it must be an http or https address.`);
    if (!options.apiKey)
      throw new UsageError("apiKey is empty; it must be a key with the scope ingest.");
    this.#onError = options.onError ?? warn;
    this.#courier = new Courier({
      post: (entries) => this.#post(entries),
      onError: this.#onError,
      batch: {
        events: clampOption(options.batchSize, [1, 50, MOST_EVENTS]),
        bytes: MOST_BATCH_BYTES,
      },
      interval_ms: clampOption(options.batchInterval, [0, 1000, 600_000]),
      most: {
        events: clampOption(options.queueSize, [1, 10_000, 1_000_000]),
        bytes: MOST_QUEUE_BYTES,
      },
    });
  }

  /**
   * Sends one event and says what became of it. Retries what may pass; rejects with RefusedError,
   * KeyError, UndeliveredError or UsageError. A promise that nobody awaits harms nothing.
   */
  collect(payload: Payload, from?: From): Promise<Outcome> {
    return this.#follow(async () => {
      const entry = renderEntry(payload, renderFrom(from));
      const answer = await this.#persist([entry]);
      const [reason] = Object.keys(answer.dropped);
      return reason ? { status: "dropped", reason } : { status: "accepted" };
    });
  }

  /**
   * Sends any number of events, a hundred a request, and says what became of them. The server
   * stores all or none of a request; a refusal rejects, and requests before it stay stored.
   */
  batch(payloads: readonly Payload[], from?: From): Promise<BatchOutcome> {
    return this.#follow(async () => {
      const headers = renderFrom(from);
      let entries = payloads.map((payload) => renderEntry(payload, headers));
      let accepted = 0;
      const dropped: Record<string, number> = {};
      while (entries.length) {
        const batch = cutBatch(entries, { events: MOST_EVENTS, bytes: MOST_BATCH_BYTES });
        const answer = await this.#persist(batch);
        accepted += answer.accepted;
        for (const [reason, count] of Object.entries(answer.dropped))
          dropped[reason] = (dropped[reason] ?? 0) + count;
        entries = entries.slice(batch.length);
      }
      return { accepted, dropped };
    });
  }

  /** Sends one event in the background, in batches, until it is there. Never throws. */
  track(payload: Payload, from?: From): void {
    try {
      if (this.#isClosed) throw new UsageError("This PulseServer is closed.");
      this.#courier.add(renderEntry(payload, renderFrom(from)));
    } catch (error) {
      if (error instanceof PulseError) this.#tell(error);
    }
  }

  /** Resolves when nothing is under way; rejects with UndeliveredError when time is up first. */
  async flush({ timeout }: { timeout?: number } = {}): Promise<void> {
    const timeout_ms = timeout ?? this.#timeout_ms;
    const all = Promise.allSettled(this.#underWay);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeout_ms)));
    await Promise.all([this.#courier.drain(timeout_ms), Promise.race([all, time])]);
    clearTimeout(timer);
    const count = this.#courier.entries.length + this.#underWay.size;
    if (count)
      throw new UndeliveredError(`${count} deliveries still wait after ${timeout_ms} ms.`, count);
  }

  /** Takes nothing more and flushes; what could not be delivered by then is given up. */
  async close(options?: { timeout?: number }): Promise<void> {
    this.#isClosed = true;
    try {
      await this.flush(options);
    } finally {
      this.#courier.clear();
    }
  }

  get #timeout_ms(): number {
    return clampOption(this.#options.timeout, [0, 30_000, 3_600_000]);
  }

  /** Runs an awaited call, so that `flush()` knows of it and nobody has to catch its rejection. */
  #follow<Result>(run: () => Promise<Result>): Promise<Result> {
    const running = this.#isClosed
      ? Promise.reject(new UsageError("This PulseServer is closed."))
      : run();
    this.#underWay.add(running);
    const forget = (): void => void this.#underWay.delete(running);
    running.then(forget, forget);
    return running;
  }

  /** Posts until the server has decided. Rejects with what it refused, or when time is up. */
  async #persist(entries: readonly Entry[]): Promise<Answer & { kind: "taken" }> {
    const end_ms = Date.now() + this.#timeout_ms;
    for (let failures = 0; ; ) {
      if (this.#courier.stopped) throw this.#courier.stopped;
      const answer = await this.#post(entries);
      if (answer.kind == "taken") return failures ? forgiveRepetition(answer) : answer;
      if (answer.kind == "forbidden" && !isAboutModule(answer.error))
        this.#courier.stop(answer.error);
      if (answer.kind != "failed") throw answer.error;
      const wait_ms = computeWait(++failures, answer.wished_ms);
      if (Date.now() + wait_ms > end_ms) {
        const sentence = `Not delivered after ${failures} tries: ${answer.reason}`;
        throw new UndeliveredError(sentence, entries.length);
      }
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
    }
  }

  #post(entries: readonly Entry[]): Promise<Answer> {
    const headers = {
      "Content-Type": "application/json",
      "X-Pulse-Key": this.#options.apiKey,
      ...JSON.parse(entries[0]!.from || "{}"),
    };
    return post(entries, { base: this.#base, headers });
  }

  #tell(error: PulseError): void {
    try {
      this.#onError(error);
    } catch {}
  }
}

/** A repetition finds what an attempt without an answer had stored after all. */
const forgiveRepetition = (answer: Answer & { kind: "taken" }): typeof answer => {
  const { duplicate = 0, ...dropped } = answer.dropped;
  return { ...answer, accepted: answer.accepted + duplicate, dropped };
};

const renderFrom = ({ ip, userAgent, language }: From = {}): string => {
  const headers = {
    ...(ip && { "X-Forwarded-For": ip }),
    ...(userAgent && { "User-Agent": userAgent }),
    ...(language && { "Accept-Language": language }),
  };
  for (const [name, value] of Object.entries(headers))
    if (!/^[\x20-\xff]*$/.test(value))
      throw new RefusedError(`${name} is '${value.slice(0, 60)}'; it cannot stand in a header.`, 0);
  return Object.keys(headers).length ? JSON.stringify(headers) : "";
};
