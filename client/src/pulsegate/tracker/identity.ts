import { recall, remember } from "../../echelon/store.ts";
import type { ReadFingerprint } from "../../type/pulsegate.ts";
import { locate } from "./place.ts";

const FINGERPRINT_KEY = "_pg_fp";
const VISITOR_KEY = "_pg_vid";

/** Tells whether the visitor asks not to be tracked. */
export const isRefused = (): boolean =>
  navigator.doNotTrack == "1" || navigator.globalPrivacyControl === true;

const drawId = (): string =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16).padStart(8, "0")).join("");

/**
 * Returns the id that stands for this browser. Where the operator wants fingerprints, and the
 * visitor has not refused, it is one; everywhere else it is drawn by lot and ends with the tab.
 */
export const findFingerprint = async (isWanted: boolean): Promise<string> => {
  if (isWanted && !isRefused()) {
    const kept = recall(FINGERPRINT_KEY, "localStorage");
    if (kept) return kept;
    try {
      const file = (await import(locate(`/api/${FINGERPRINT_FILE}`))) as { default: ReadFingerprint };
      const found = await file.default();
      remember(FINGERPRINT_KEY, found, "localStorage");
      return found;
    } catch {
      // An old browser, a page without https, a blocker: then by lot.
    }
  }
  const id = recall(FINGERPRINT_KEY) || drawId();
  remember(FINGERPRINT_KEY, id);
  return id;
};

/** Keeps the visitor's id beside what it was made from, for forms on the site's pages. */
export const keepVisitor = (visitor_id: string, isWanted: boolean): void =>
  remember(VISITOR_KEY, visitor_id, isWanted && !isRefused() ? "localStorage" : "sessionStorage");
