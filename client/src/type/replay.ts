/** Something that happened, beside a recording. */
export interface Mark {
  /** From the begin of the recording, ms. */
  at_ms: number;
  /** View, click, event, form, error: its colour. */
  kind: string;
  title: string;
}

/** Where the pieces of a recording are read. */
export interface Source {
  urls: string[];
  headers: Record<string, string>;
}

/** What `/replay/sessions` tells of a visit. */
export interface ReplaySession {
  session_id: string;
  visitor_id: string;
  entry_page: string;
  country: string;
  started_at: number;
  duration: number;
  engagement_score: number;
  event_count: number;
  recorded: boolean;
}

/** What `/replay/sessions/:id` tells of one. */
export interface Replay {
  session: ReplaySession;
  events: { event_type: string; element: string; page: string; timestamp: number }[];
  chunks: { seq: number; first: number }[];
  clock_skew: number;
}
