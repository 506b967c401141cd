import { options } from "./options.ts";

/** True when the page honours privacy signals and this browser sends one. */
export const isRefused =
  options["dnt"] == "true" && (navigator.doNotTrack == "1" || navigator.globalPrivacyControl);
