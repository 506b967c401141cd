import { guard } from "../../src/module/guard.ts";
import type { Send } from "../../src/type/send.ts";
import { Courier } from "./courier.ts";
import { type Entry, renderEntry } from "./entry.ts";
import { PulseError, UsageError, warn } from "./error.ts";
import { isOtherPage, readPath, watchHistory } from "./navigation.ts";
import {
  clampOption,
  parseApiUrl,
  type PulseClientOptions,
  renderModuleOptions,
} from "./option.ts";
import type {
  Circumstances,
  PagePayload,
  PageviewPayload,
  Payload,
  Properties,
  SurveyAnswer,
} from "./payload.ts";
import { type Answer, post } from "./post.ts";
import { renderEvent } from "./revenue.ts";
import { Shelf } from "./shelf.ts";
import { Stay, watchPresence } from "./stay.ts";

// Browsers allow 64 KiB in flight for requests that outlive the page.
const MOST_IN_FLIGHT_BYTES = 65_000;

// Enough for a day of reading on a train; beyond it the oldest go.
const MOST_WAITING = { events: 500, bytes: 1_000_000 };

// Frameworks set the new title a moment after the new address.
const SETTLE_MS = 99;

/** What a pageview may say of itself; the rest is read from the page. */
export type PageviewFields = Partial<Omit<PageviewPayload, "type">>;

/** What the server is told of a search. */
export interface Search {
  query: string;
  results_count?: number | undefined;
}

/** What the server is told of a survey that was answered. */
export interface SurveyResponse {
  survey_id: string;
  answers: readonly SurveyAnswer[];
  completed?: boolean | undefined;
}

/**
 * Reports what happens on a page to a Footfall server. Made anywhere, also where there is no
 * browser; `init()` begins, in a browser only. No method throws, whatever goes wrong.
 */
export class PulseClient {
  readonly #options: PulseClientOptions;
  readonly #base: string;
  readonly #courier: Courier;
  readonly #shelf: Shelf | undefined;
  readonly #told = new Set<string>();
  #mayCollect: boolean;
  #isConfigured = true;
  /** True once the page is left: then other tabs may take over what it keeps. */
  #isLeft = false;
  #areModulesLoaded = false;
  /** Entries of calls made before the page was first seen. */
  #early: Entry[] = [];
  /** The page the visitor is on; "" until it has been seen. */
  #path = "";
  #referrer = "";
  #title: ReturnType<typeof setTimeout> | undefined;
  #last_ms = 0;
  #stay = new Stay();
  #running: AbortController | undefined;
  #onPageview = (): void => {};

  constructor(options: PulseClientOptions) {
    this.#options = { ...options };
    const { apiKey, apiUrl, batchSize, batchInterval, persist, consent } = this.#options;
    const base = (this.#base = parseApiUrl(apiUrl));
    this.#mayCollect = (consent ?? "granted") == "granted";
    this.#shelf = persist === false ? undefined : new Shelf(apiKey);
    this.#courier = new Courier({
      post: (entries) => this.#post(entries),
      onError: (error) => this.#tell(error),
      batch: { events: clampOption(batchSize, [1, 10, 100]), bytes: MOST_IN_FLIGHT_BYTES },
      interval_ms: clampOption(batchInterval, [250, 2000, 600_000]),
      most: MOST_WAITING,
      keep: (entries) => this.#shelf?.save(entries, { isLeft: this.#isLeft }),
    });
    if (apiKey && typeof apiKey == "string" && base) return;
    this.#isConfigured = false;
    const given = base ? `apiKey is '${apiKey}'` : `apiUrl is '${apiUrl}'`;
    this.#tell(new UsageError(`${given}; PulseClient needs a key and an http address to send.`));
  }

  /** Begins: counts the page, watches navigations, starts the modules that are on. */
  init(): void {
    if (this.#running || !this.#isConfigured || typeof document == "undefined") return;
    if (this.#isRefused) return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#referrer = document.referrer;
    this.#isLeft = false;
    watchPresence(
      {
        onVisibility: () => this.#see(),
        onLeave: () => this.#leave(),
        onReturn: () => this.#return(),
      },
      signal,
    );
    watchHistory((parts) => this.#navigate(parts), signal);
    addEventListener("online", guard(() => this.#deliverKept()), { signal });
    guard(() => this.#see())();
  }

  /** Reports something you have given a name. `props.revenue` is `{ amount, currency }`. */
  event(name: string, props?: Properties): void {
    this.collect(renderEvent(name, props));
  }

  /** Counts a pageview: of the page as it is, of another path, or with fields of your own. */
  pageview(fields?: string | PageviewFields): void {
    if (typeof document == "undefined") return;
    const given = typeof fields == "string" ? { path: fields } : fields;
    this.collect({ type: "pageview", ...this.#readPage(), ...given });
    this.#onPageview();
  }

  /** Tells traits of the visitor, or your own id of the person and then traits. */
  identify(user: string | number | Properties, traits?: Properties): void {
    if (typeof user == "object") this.collect({ type: "identify", traits: user });
    else this.collect({ type: "identify", user_id: user, traits });
  }

  /** Reports a search within the site. */
  search(query: string | Search, results_count?: number): void {
    const fields = typeof query == "string" ? { query, results_count } : query;
    this.collect({ type: "search_query", ...fields });
  }

  /** Reports answers to a survey: as one object, or id, answers and whether that was all. */
  surveyResponse(
    survey: string | SurveyResponse,
    answers: readonly SurveyAnswer[] = [],
    completed?: boolean,
  ): void {
    const fields = typeof survey == "string" ? { survey_id: survey, answers, completed } : survey;
    this.collect({ type: "survey_response", ...fields });
  }

  /** Reports any of the payloads; what it leaves out about the page is filled in. */
  collect(payload: PagePayload): void {
    try {
      if (typeof document == "undefined" || !this.#mayCollect || this.#isRefused) return;
      const entry = renderEntry({ ...this.#circumstances, ...dropUndefined(payload) } as Payload);
      if (this.#path) this.#hand(entry);
      else if (this.#early.length < MOST_WAITING.events) this.#early.push(entry);
    } catch (error) {
      if (error instanceof PulseError) this.#tell(error);
    }
  }

  /** The visitor has consented: counts the page that is open and goes on from there. */
  grantConsent(): void {
    if (this.#mayCollect) return;
    this.#mayCollect = true;
    if (this.#running) guard(() => this.#see())();
  }

  /** The visitor has withdrawn: nothing more is sent, and what waits is forgotten. */
  revokeConsent(): void {
    this.#mayCollect = false;
    this.#path = "";
    this.#early = [];
    clearTimeout(this.#title);
    this.#title = undefined;
    this.#courier.clear();
    this.#shelf?.clear();
  }

  /** Sends what waits without waiting for more. */
  flush(): void {
    if (this.#mayCollect) this.#courier.sendAll();
  }

  /** Ends: sends what waits, and leaves the page as it was. `init()` may begin anew. */
  destroy(): void {
    if (!this.#running) return;
    guard(() => this.#leave())();
    this.#running.abort();
    this.#running = undefined;
    this.#path = "";
    this.#areModulesLoaded = false;
    this.#onPageview = () => {};
  }

  get #isRefused(): boolean {
    const { dnt, respectDnt } = this.#options;
    return !!(
      (dnt ?? respectDnt) &&
      (navigator.doNotTrack == "1" || navigator.globalPrivacyControl)
    );
  }

  /** Requests overtake each other, so every event says where the visitor came from. */
  get #circumstances(): Circumstances {
    this.#last_ms = Math.max(this.#last_ms + 1, Date.now());
    return {
      path: this.#path || readPath(),
      referrer: this.#path ? this.#referrer : document.referrer,
      screen: `${screen.width}x${screen.height}`,
      language: navigator.language,
      visitor_id: this.#options.visitorId,
      // No two share a millisecond: their order is their time.
      timestamp: this.#last_ms,
    };
  }

  #readPage(): PageviewFields {
    const page: Record<string, string> = { title: document.title };
    if (this.#options.utm ?? this.#options.trackUtm)
      new URLSearchParams(location.search).forEach((value, name) => {
        if (/^utm_(source|medium|campaign|content|term)$/.test(name)) page[name] = value;
      });
    return page;
  }

  /** The page may have been shown or hidden; opened in the background, it has not begun. */
  #see(): void {
    if (this.#path) this.#tellStay();
    if (document.hidden) {
      this.#settle();
      if (this.#path) this.#sendAndKeep();
      return;
    }
    if (this.#path || !this.#mayCollect) return;
    this.#stay.take();
    this.#path = readPath();
    if (this.#options.autoTrack !== false) this.pageview();
    this.#early.splice(0).forEach((entry) => this.#hand(entry));
    this.#deliverKept();
    void this.#loadModules(this.#running!.signal);
  }

  #return(): void {
    this.#isLeft = false;
    if (!this.#path) return this.#see();
    this.#stay.take();
    if (this.#options.autoTrack !== false) this.pageview();
    this.#courier.retry();
  }

  #navigate(parts: 1 | 2): void {
    const next = readPath();
    if (this.#path && isOtherPage(this.#path, next, parts)) {
      this.#tellStay();
      this.#referrer = "";
      if (this.#options.autoTrack !== false) {
        // A second change before the first has settled is a redirect: both are one pageview.
        clearTimeout(this.#title);
        this.#title = setTimeout(guard(() => this.#settle()), SETTLE_MS);
      }
    }
    if (this.#path) this.#path = next;
  }

  /** Sends the pageview that waits for its title; a visitor may leave before it has one. */
  #settle(): void {
    if (this.#title === undefined) return;
    clearTimeout(this.#title);
    this.#title = undefined;
    this.pageview();
  }

  #tellStay(): void {
    const engagement_ms = this.#stay.take();
    if (engagement_ms) this.collect({ type: "engagement", engagement_ms });
  }

  #leave(): void {
    if (!this.#path) return;
    this.#tellStay();
    this.#settle();
    this.#isLeft = true;
    this.#sendAndKeep();
  }

  /** What nobody will hear the answer to is kept until somebody does; the ids count it once. */
  #sendAndKeep(): void {
    this.#courier.sendAll();
    this.#courier.keep();
  }

  #hand(entry: Entry): void {
    this.#courier.add(entry);
    // Nobody may be there to hear a timer; what else this moment brings shall come along.
    if (document.hidden) queueMicrotask(guard(() => this.#sendAndKeep()));
  }

  #deliverKept(): void {
    if (!this.#mayCollect) return;
    const known = new Set(this.#courier.entries.map(({ id }) => id));
    void this.#shelf?.adopt((entries) => {
      // Consent may have been withdrawn meanwhile.
      if (!this.#mayCollect) return;
      this.#courier.add(...entries.filter(({ id }) => !known.has(id)));
      this.#courier.keep();
    });
    this.#courier.retry();
  }

  async #loadModules(signal: AbortSignal): Promise<void> {
    if (this.#areModulesLoaded) return;
    this.#areModulesLoaded = true;
    const { vitals, ...options } = renderModuleOptions(this.#options);
    // What was started cannot be stopped, but it can be left unheard.
    const send: Send = (type, fields) => {
      if (!signal.aborted) this.collect({ ...fields, type } as PagePayload);
    };
    if (vitals)
      import("../../src/module/vitals.ts").then(
        guard(({ default: startVitals }) => startVitals(send)),
        () => {},
      );
    try {
      if (!Object.values(options).includes("true")) return;
      const { startModules } = await import("./module.ts");
      if (!signal.aborted) this.#onPageview = startModules(options, send);
    } catch {}
  }

  #post(entries: readonly Entry[]): Promise<Answer> {
    if (navigator.onLine === false)
      return Promise.resolve({ kind: "failed", reason: "The browser is offline.", wished_ms: 0 });
    // Plain text needs no preflight; `keepalive` lets the request outlive the page.
    const query = `?key=${encodeURIComponent(this.#options.apiKey)}`;
    return post(entries, { base: this.#base, query, keepalive: true });
  }

  /** Says the same sentence once. */
  #tell(error: PulseError): void {
    if (this.#told.has(error.message)) return;
    this.#told.add(error.message);
    guard(this.#options.onError ?? warn)(error);
  }
}

const dropUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
