/** Whose flags are asked for, and where. */
export interface FlagsOptions {
  /** Where your Footfall is, `https://footfall.example.com`. */
  apiUrl: string;
  /** The project's public id, a UUID; no key is needed. */
  projectId: string;
  /** Your own lasting id of the visitor: the same id always gets the same variants. */
  visitorId: string;
  /** The page's address, for flags that are meant for some pages. Default: this page, if any. */
  url?: string | undefined;
  /** How long to wait, in milliseconds. Default 2,000: a page must not wait for its flags. */
  timeout?: number | undefined;
}

/** One flag as the server tells it. */
export interface Flag {
  /** It is meant for this page, and the visitor takes part. */
  enabled: boolean;
  variant: string | null;
  config: unknown;
}

/** The flags of one visitor. What is unknown, or could not be read, is off. */
export class Flags {
  readonly #flags: Readonly<Record<string, Flag>>;
  /** Why nothing could be read; undefined when it could. */
  readonly error: Error | undefined;

  constructor(flags: Record<string, Flag>, error?: Error) {
    this.#flags = flags;
    this.error = error;
  }

  /** Tells whether a flag is on for the visitor. */
  isOn(id: string): boolean {
    return this.#find(id)?.enabled === true;
  }

  /** The variant that the visitor gets; undefined where the flag is off. */
  variant(id: string): string | undefined {
    return this.#find(id)?.variant ?? undefined;
  }

  /** The variant's configuration, else `fallback`. */
  config<T>(id: string, fallback: T): T {
    const flag = this.#find(id);
    return flag?.enabled && flag.config != null ? (flag.config as T) : fallback;
  }

  #find(id: string): Flag | undefined {
    return Object.hasOwn(this.#flags, id) ? this.#flags[id] : undefined;
  }
}

const DEFAULT_TIMEOUT_MS = 2000;

/** Reads the running flags of a visitor. Never rejects: without an answer everything is off. */
export const readFlags = async (options: FlagsOptions): Promise<Flags> => {
  try {
    const { apiUrl, projectId, visitorId, timeout } = options;
    const url = options.url ?? globalThis.location?.href;
    const asked = new URLSearchParams({ projectId, visitorId, ...(url && { url }) });
    const response = await fetch(`${apiUrl.replace(/\/+$/, "")}/api/flags?${asked}`, {
      signal: AbortSignal.timeout(timeout ?? DEFAULT_TIMEOUT_MS),
    });
    const body = (await response.json()) as { flags?: Record<string, Flag>; error?: string };
    if (!response.ok || !body.flags) throw new Error(body.error ?? `Status ${response.status}.`);
    return new Flags(body.flags);
  } catch (error) {
    return new Flags({}, error instanceof Error ? error : new Error(String(error)));
  }
};
