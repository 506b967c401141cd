import { recall, remember } from "../../echelon/store.ts";
import type { KnownSession, TrackConfig } from "../../type/pulsegate.ts";
import { findFingerprint, keepVisitor } from "./identity.ts";
import { locate, post, readSiteKey } from "./place.ts";

const KEY = "_pg_session";

// A visit ends after half an hour without a signal.
const IDLE_MS = 18e5;

const NOTHING: TrackConfig = { recordSession: false, fingerprint: false };

let known: KnownSession | undefined;
let opening: Promise<void> | undefined;

/** The running session; undefined before it has begun and once it was silent for too long. */
export const find = (): KnownSession | undefined =>
  known && Date.now() - known.seen < IDLE_MS ? known : undefined;

/** Notes that something was sent, which keeps the session alive also on the next page. */
export const touch = (): void => {
  if (!known) return;
  known.seen = Date.now();
  remember(KEY, JSON.stringify(known));
};

const readConfig = async (): Promise<TrackConfig> => {
  const siteKey = readSiteKey();
  const query = siteKey ? `?siteKey=${encodeURIComponent(siteKey)}` : "";
  const answer = await fetch(locate(`/track/config${query}`));
  return answer.ok ? { ...NOTHING, ...(await answer.json()) } : NOTHING;
};

const begin = async (): Promise<void> => {
  const config = await readConfig();
  const { userAgent, language, platform } = navigator;
  const answer = await post("/track/session/start", {
    fingerprint_id: await findFingerprint(config.fingerprint),
    page: location.href,
    referrer: document.referrer,
    device_info: { user_agent: userAgent, language, platform },
    screen: { width: screen.width, height: screen.height },
  });
  if (!answer.ok) return;
  const { session_id, visitor_id } = await answer.json();
  known = { session_id, visitor_id, config, seen: Date.now() };
  keepVisitor(visitor_id, config.fingerprint);
  touch();
};

/** Takes up the tab's session or begins one; several calls at once begin one. */
export const open = async (): Promise<KnownSession | undefined> => {
  try {
    known ??= JSON.parse(recall(KEY) || "null") ?? undefined;
    if (!find()) await (opening ??= begin());
  } catch {
    // The server is away: the next flush tries again.
  }
  opening = undefined;
  return find();
};
