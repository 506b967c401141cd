import type { Send } from "./send.ts";

/** The default export of the vitals file. */
export type StartVitals = (send: Send) => void;
