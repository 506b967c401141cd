/** What a page may give to `PulseGateSession.init`. */
export interface SessionOptions {
  /** Where everything goes; the script's own origin when absent. */
  endpoint?: string;
  /** Of a site that was registered; it decides the project and what is allowed. */
  siteKey?: string;
}

/** What the server allows on this page. */
export interface TrackConfig {
  recordSession: boolean;
  fingerprint: boolean;
}

/** One event on its way. */
export interface TrackEvent {
  event_type: string;
  page: string;
  timestamp: number;
  /** Unique: what is sent twice counts once. */
  id: string;
  [field: string]: unknown;
}

/** A session that the server knows. */
export interface KnownSession {
  session_id: string;
  visitor_id: string;
  config: TrackConfig;
  /** When something was last sent, ms. */
  seen: number;
}

/** The default export of the fingerprint file. */
export type ReadFingerprint = () => Promise<string>;

/** The documented global. */
export interface PulseGateSession {
  init(options?: SessionOptions): void;
  trackEvent(name: string, data?: Record<string, unknown>): void;
  flush(): void;
  /** The ids of the running session, for a form on the page; undefined before it has begun. */
  readonly ids: { session_id: string; visitor_id: string } | undefined;
}

declare global {
  /** Address of the fingerprint file below `/api/`, put in by the build. */
  const FINGERPRINT_FILE: string;
  interface Window {
    PulseGateSession?: PulseGateSession;
  }
}
