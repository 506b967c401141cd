/** Why the server accepted an event and stored nothing. Newer servers may know more words. */
export type DropReason =
  | "malformed"
  | "too_large"
  | "module_off"
  | "no_consent"
  | "duplicate"
  | "spam_referrer"
  | "excluded"
  | "unknown_survey"
  | (string & {});

/** What became of one event. */
export type Outcome =
  | { readonly status: "accepted" }
  | { readonly status: "dropped"; readonly reason: DropReason };

/** What became of many. The server counts reasons; it does not say which event had which. */
export interface BatchOutcome {
  readonly accepted: number;
  readonly dropped: Readonly<Record<string, number>>;
}
