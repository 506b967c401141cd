import { computeWait } from "./backoff.ts";
import { type BatchLimit, cutBatch } from "./batch.ts";
import type { Entry } from "./entry.ts";
import { type OnError, type PulseError, RefusedError, UndeliveredError } from "./error.ts";
import type { Answer, Post } from "./post.ts";

/** The server believes a clock within a day; an older event would be counted on a wrong day. */
export const MOST_AGE_MS = 24 * 3_600_000;

export interface CourierOptions {
  readonly post: Post;
  readonly onError: OnError;
  /** What one request may carry. */
  readonly batch: BatchLimit;
  /** How long an event waits for company. */
  readonly interval_ms: number;
  /** What may wait at once; the oldest go first. */
  readonly most: BatchLimit;
  /** Hears which entries are unconfirmed: after a failure, and from then on with every change. */
  readonly keep?: (entries: readonly Entry[]) => void;
}

// Each with the comma that follows it.
const sumBytes = (entries: Iterable<Entry>): number => {
  let size_bytes = 0;
  for (const entry of entries) size_bytes += entry.size_bytes + 1;
  return size_bytes;
};

/** True when a key is merely limited to other modules: it still opens those. */
export const isAboutModule = (error: PulseError): boolean => /\bmodule\b/i.test(error.message);

/** The same refusal with the event it is about, when it is about one. */
const nameEvent = (error: RefusedError, [entry, ...others]: readonly Entry[]): RefusedError =>
  entry && !others.length
    ? new RefusedError(error.message, error.status, JSON.parse(entry.body))
    : error;

type Timer = ReturnType<typeof setTimeout>;
type Failed = Extract<Answer, { kind: "failed" }>;

/**
 * Carries entries to the server: in batches, one request at a time, in order, again and again with
 * the same ids until the server has said what became of them. Nothing here throws.
 */
export class Courier {
  readonly #options: CourierOptions;
  #entries: Entry[] = [];
  #size_bytes = 0;
  readonly #inFlight = new Set<Entry>();
  readonly #shutTypes = new Set<string>();
  #isRunning = false;
  #isKept = false;
  #failures = 0;
  #timer: Timer | undefined;
  #stopped: PulseError | undefined;
  #idle: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Why nothing is sent any more. */
  get stopped(): PulseError | undefined {
    return this.#stopped;
  }

  /** Everything the server has not confirmed, oldest first. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Takes entries over; they leave within the interval. */
  add(...entries: readonly Entry[]): void {
    const wanted = entries.filter(({ type }) => !this.#shutTypes.has(type));
    if (this.#stopped || !wanted.length) return;
    this.#entries.push(...wanted);
    this.#size_bytes += sumBytes(wanted);
    this.#trim();
    if (this.#isKept) this.keep();
    if (this.#failures) return;
    if (this.#entries.length >= this.#options.batch.events) void this.#run();
    else if (!this.#isRunning)
      this.#timer ??= setTimeout(() => this.#run(), this.#options.interval_ms);
  }

  /** Forgets everything that waits; what is in flight stays so. */
  clear(): void {
    this.#forgetTimer();
    this.#remove(new Set(this.#entries));
  }

  /** Ends for good: nothing is sent any more. */
  stop(why: PulseError): void {
    this.#stopped ??= why;
    this.clear();
  }

  /** Tries again at once, after a failure too. */
  retry(): void {
    this.#failures = 0;
    void this.#run();
  }

  /** Sends what fits beside what is in flight, without waiting; not while the server is away. */
  sendAll(): void {
    let bytes = this.#options.batch.bytes - sumBytes(this.#inFlight);
    while (!this.#failures) {
      const batch = cutBatch(this.#free(), { ...this.#options.batch, bytes });
      if (!batch.length) return;
      bytes -= sumBytes(batch);
      void this.#fly(batch).then((failed) => failed && this.#wait(failed));
    }
  }

  /** Hands the unconfirmed entries to whoever keeps them. */
  keep(): void {
    this.#isKept = this.#entries.length > 0;
    this.#options.keep?.(this.#entries);
  }

  /** Resolves when nothing is left to confirm, at the latest after `timeout_ms`. */
  async drain(timeout_ms: number): Promise<void> {
    this.retry();
    if (!this.#entries.length) return;
    let timer: Timer | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#idle.push(resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, timeout_ms))),
    ]);
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    this.#forgetTimer();
    if (this.#isRunning || this.#stopped) return;
    this.#isRunning = true;
    let failed: Failed | undefined;
    while (!failed) {
      this.#dropOld();
      const batch = cutBatch(this.#free(), this.#options.batch);
      if (!batch.length) break;
      failed = await this.#fly(batch);
    }
    this.#isRunning = false;
    if (failed) this.#wait(failed);
  }

  /** Delivers a batch and settles what the answer settles; returns the answer of a failure. */
  async #fly(batch: readonly Entry[]): Promise<Failed | undefined> {
    for (const entry of batch) this.#inFlight.add(entry);
    const failed = await this.#deliver(batch);
    for (const entry of batch) this.#inFlight.delete(entry);
    return failed;
  }

  async #deliver(batch: readonly Entry[]): Promise<Failed | undefined> {
    const answer = await this.#options.post(batch);
    if (answer.kind == "failed") return answer;
    this.#failures = 0;
    const isDivisible = batch.length > 1;
    if (answer.kind == "forbidden") {
      if (this.#stopped) return undefined;
      if (!isAboutModule(answer.error)) this.stop(answer.error);
      else if (isDivisible) return this.#halve(batch);
      else this.#shutTypes.add(batch[0]!.type);
    }
    // One bad event spoils its batch: the others are found by halving.
    if (answer.kind == "refused" && isDivisible && [400, 413].includes(answer.error.status))
      return this.#halve(batch);
    this.#remove(new Set(batch));
    if (answer.kind == "refused") this.#report(nameEvent(answer.error, batch));
    if (answer.kind == "forbidden") this.#report(answer.error);
    return undefined;
  }

  async #halve(batch: readonly Entry[]): Promise<Failed | undefined> {
    const middle = batch.length >> 1;
    return (
      (await this.#deliver(batch.slice(0, middle))) ?? (await this.#deliver(batch.slice(middle)))
    );
  }

  #wait(failed: Failed): void {
    if (this.#stopped || !this.#entries.length) return;
    this.#forgetTimer();
    this.#failures++;
    this.keep();
    this.#timer = setTimeout(() => this.#run(), computeWait(this.#failures, failed.wished_ms));
    // In Node, a server that is away must not keep the program from ending.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #free(): Entry[] {
    return this.#entries.filter((entry) => !this.#inFlight.has(entry));
  }

  #trim(): void {
    const { events, bytes } = this.#options.most;
    let size_bytes = this.#size_bytes;
    if (this.#entries.length <= events && size_bytes <= bytes) return;
    const lost = new Set<Entry>();
    for (const entry of this.#entries) {
      if (this.#entries.length - lost.size <= events && size_bytes <= bytes) break;
      lost.add(entry);
      size_bytes -= entry.size_bytes + 1;
    }
    this.#giveUp(lost, `more than ${events} events or ${bytes} bytes were waiting`);
  }

  #dropOld(): void {
    const oldest_ms = Date.now() - MOST_AGE_MS;
    const lost = new Set(this.#entries.filter(({ at_ms }) => at_ms < oldest_ms));
    this.#giveUp(lost, "the server was away for a day");
  }

  #giveUp(lost: ReadonlySet<Entry>, why: string): void {
    if (!lost.size) return;
    this.#remove(lost);
    this.#report(new UndeliveredError(`${lost.size} events were given up: ${why}.`, lost.size));
  }

  #remove(gone: ReadonlySet<Entry>): void {
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
    this.#size_bytes = sumBytes(this.#entries);
    if (this.#isKept) this.keep();
    if (this.#entries.length) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #forgetTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #report(error: PulseError): void {
    try {
      this.#options.onError(error);
    } catch {}
  }
}
