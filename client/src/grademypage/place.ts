// The server fills these in; the build leaves the marks alone.
const tag = document.currentScript as HTMLScriptElement | null;

/** The project's public id. */
export const project = "%PROJECT%";

/** Where everything goes. A tag knows its own address; where something hides it, the server's
 * guess of its own host counts. */
export const api = (tag?.src ? tag.src.split("/api/")[0] : "//%HOST%") + "/api/analytics/";

/** True when the page honours privacy signals and this browser sends one. */
export const isRefused =
  tag?.dataset["dnt"] == "true" && (navigator.doNotTrack == "1" || navigator.globalPrivacyControl);
