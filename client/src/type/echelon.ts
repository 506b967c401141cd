/** What the server puts into the script when it sends it. */
export interface EchelonSetting {
  /** The challenge of the running minute. */
  c: string;
  /** The module that answers it, base64. */
  w: string;
  /** 1 when the operator lets pages ask for a cookie. */
  k?: number;
  /** The site's own rules for the question's look. */
  s?: string;
}

/** One event on its way. */
export interface EchelonEvent {
  type: string;
  data: Record<string, unknown>;
  sessionId: string;
}

declare global {
  /** Put in by the server. */
  const __ECHELON__: EchelonSetting;
  /** Address of the vitals file below `/api/`, put in by the build. */
  const VITALS_PATH: string;
  interface Window {
    __echelon?: boolean;
    echelon?: { track(name: string, props?: Record<string, unknown>): void };
  }
}
