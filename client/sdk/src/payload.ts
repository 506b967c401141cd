/** Where an event happened, and what may stand beside the fields of every type. */
export interface Circumstances {
  /** Path with query string, as the address bar shows it. Up to 2,048 characters before `?`. */
  path?: string | undefined;
  title?: string | undefined;
  /** Full address the visitor came from. */
  referrer?: string | undefined;
  /** Width and height of the screen, `1920x1080`. */
  screen?: string | undefined;
  /** Language tag, `en-GB`. */
  language?: string | undefined;
  utm_source?: string | undefined;
  utm_medium?: string | undefined;
  utm_campaign?: string | undefined;
  utm_content?: string | undefined;
  utm_term?: string | undefined;
  /** Your own id of the visitor, at most 64 characters; without one the server derives one. */
  visitor_id?: string | undefined;
  /** When it happened; without one, the moment of the call. Believed within 24 hours. */
  timestamp?: number | Date | undefined;
  /** Your own id of this event, at most 128 characters. The same id twice counts once. */
  id?: string | undefined;
}

/** Circumstances where the full address of the page may be given too; its host is the site. */
export interface Place extends Circumstances {
  url?: string | undefined;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface PageviewPayload extends Place {
  type: "pageview";
  path: string;
}

export interface EventPayload extends Place {
  type: "event";
  /** At most 255 characters. */
  name: string;
  data?: Properties | undefined;
  revenue_amount?: number | undefined;
  /** Three letters; USD without one. */
  revenue_currency?: string | undefined;
  /** False when nobody did anything, so that it ends no bounce. */
  interactive?: boolean | undefined;
}

export interface IdentifyPayload extends Place {
  type: "identify";
  traits?: Properties | undefined;
  user_id?: string | number | undefined;
}

export interface WebVitalPayload extends Place {
  type: "web_vital";
  name: "LCP" | "FCP" | "CLS" | "INP" | "TTFB";
  /** Milliseconds; for CLS a fraction. */
  value: number;
  rating?: "good" | "needs-improvement" | "poor" | undefined;
}

export interface ScrollDepthPayload extends Place {
  type: "scroll_depth";
  path: string;
  /** Percent of the page, 0 to 100. */
  max_depth: number;
}

export interface SearchQueryPayload extends Place {
  type: "search_query";
  query: string;
  results_count?: number | undefined;
}

export interface OutlinkPayload extends Circumstances {
  type: "outlink";
  /** Where the link leads. */
  url: string;
  link_type?: "external" | "download" | undefined;
}

export interface JsErrorPayload extends Place {
  type: "js_error";
  message: string;
  stack?: string | undefined;
  filename?: string | undefined;
  lineno?: number | undefined;
  colno?: number | undefined;
}

export interface ClickEventPayload extends Place {
  type: "click_event";
  path: string;
  /** Pixels from the left of the page. */
  x: number;
  /** Pixels from the top of the page. */
  y: number;
  element_selector?: string | undefined;
  viewport_width?: number | undefined;
  viewport_height?: number | undefined;
}

export interface SurveyAnswer {
  question_id: string;
  value: unknown;
}

export interface SurveyResponsePayload extends Place {
  type: "survey_response";
  survey_id: string;
  answers: readonly SurveyAnswer[];
  completed?: boolean | undefined;
}

export interface EngagementPayload extends Place {
  type: "engagement";
  /** For how long the page was visible since the last such event, in milliseconds. */
  engagement_ms: number;
}

/** Everything the collect endpoint takes, told apart by `type`. */
export type Payload =
  | PageviewPayload
  | EventPayload
  | IdentifyPayload
  | WebVitalPayload
  | ScrollDepthPayload
  | SearchQueryPayload
  | OutlinkPayload
  | JsErrorPayload
  | ClickEventPayload
  | SurveyResponsePayload
  | EngagementPayload;

type OnPage<Each> = Each extends Payload
  ? Omit<Each, "path"> & { path?: string | undefined }
  : never;

/** A payload that is reported from a page, which knows its own path. */
export type PagePayload = OnPage<Payload>;
