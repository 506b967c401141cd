export { PulseClient, type PageviewFields, type Search, type SurveyResponse } from "./client.ts";
export { KeyError, PulseError, RefusedError, UndeliveredError, UsageError } from "./error.ts";
export type { OnError } from "./error.ts";
export type { Consent, PulseClientOptions } from "./option.ts";
export type * from "./payload.ts";
export { Flags, type Flag, type FlagsOptions, readFlags } from "./flags.ts";
