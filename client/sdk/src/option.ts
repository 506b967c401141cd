import type { OnError } from "./error.ts";

export type Consent = "granted" | "pending" | "denied";

/** How a `PulseClient` behaves. Everything but the key and the address may be left out. */
export interface PulseClientOptions {
  /** A key with the scope `ingest`; everybody who opens the page can read it. */
  apiKey: string;
  /** Where your Footfall is, `https://footfall.example.com`. */
  apiUrl: string;
  /** Count pageviews and the navigations of single-page apps by itself. Default true. */
  autoTrack?: boolean | undefined;
  /** Send the `utm_…` parameters of the address as fields of their own. Default false. */
  utm?: boolean | undefined;
  /** Report Core Web Vitals; loads a second file. Default false. */
  vitals?: boolean | undefined;
  /** Report the deepest point of each page that was in view. Default false. */
  scrollDepth?: boolean | undefined;
  /** Report links to other hosts, and downloads. Default false. */
  outlinks?: boolean | undefined;
  /** Report errors and rejections that nobody caught. Default false. */
  errors?: boolean | undefined;
  /** Report where people click. Default false. */
  clicks?: boolean | undefined;
  /** Report searches by the address of the page of results. Default false. */
  search?: boolean | undefined;
  /** The parameter of the address that holds the search. Default `q`. */
  searchParam?: string | undefined;
  /** Send nothing for browsers that send Do Not Track or Global Privacy Control. Default false. */
  dnt?: boolean | undefined;
  /** `pending` and `denied` send and store nothing until `grantConsent()`. Default `granted`. */
  consent?: Consent | undefined;
  /** Your own id of the visitor. Without one the server derives one that lasts a day. */
  visitorId?: string | undefined;
  /** Keep undelivered events in `localStorage`, for a day at most. Default true. */
  persist?: boolean | undefined;
  /** Send when so many events wait, 1 to 100. Default 10. */
  batchSize?: number | undefined;
  /** Send at the latest after so many milliseconds, at least 250. Default 2,000. */
  batchInterval?: number | undefined;
  /** Hears of what goes wrong. Default: `console.warn`. */
  onError?: OnError | undefined;

  // The same by the names of the original package.
  /** Same as `utm`. */
  trackUtm?: boolean | undefined;
  /** Same as `vitals`. */
  trackWebVitals?: boolean | undefined;
  /** Same as `scrollDepth`. */
  trackScrollDepth?: boolean | undefined;
  /** Same as `outlinks`. */
  trackOutlinks?: boolean | undefined;
  /** Same as `errors`. */
  trackErrors?: boolean | undefined;
  /** Same as `clicks`. */
  trackClicks?: boolean | undefined;
  /** Same as `search`. */
  trackSearch?: boolean | undefined;
  /** Same as `dnt`. */
  respectDnt?: boolean | undefined;
}

/** The options of the modules, by the names the served tracker's attributes have. */
export const renderModuleOptions = (options: PulseClientOptions): Record<string, string> => {
  const { searchParam } = options;
  const on: Record<string, boolean | undefined> = {
    vitals: options.vitals ?? options.trackWebVitals,
    scroll: options.scrollDepth ?? options.trackScrollDepth,
    outlinks: options.outlinks ?? options.trackOutlinks,
    errors: options.errors ?? options.trackErrors,
    clicks: options.clicks ?? options.trackClicks,
    search: options.search ?? options.trackSearch,
  };
  const names = Object.keys(on).filter((name) => on[name]);
  return {
    ...Object.fromEntries(names.map((name) => [name, "true"])),
    ...(searchParam && { searchParam }),
  };
};

/** `value` within its bounds; `otherwise` when it is no number. */
export const clampOption = (
  value: number | undefined,
  [least, otherwise, most]: readonly [number, number, number],
): number => (Number.isFinite(value) ? Math.max(least, Math.min(most, value!)) : otherwise);

/** The address without what would double its slash; "" when it is none. */
export const parseApiUrl = (apiUrl: unknown): string => {
  try {
    const { protocol, href } = new URL(String(apiUrl));
    return /^https?:$/.test(protocol) ? href.replace(/\/+$/, "") : "";
  } catch {
    return "";
  }
};
