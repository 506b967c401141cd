import type { FormConfig, Payload, Refusal } from "../../type/form.ts";
import { findWords } from "./word.ts";

/** Longer than any server takes; afterwards a visitor wants to hear something. */
const PATIENCE_MS = 2e4;

const TAGS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

const VISITOR_KEY = "_pg_vid";

/** Reads what the tracker left on an earlier page; pages that allow no storage have nothing. */
const recallVisitor = (): string => {
  try {
    return localStorage.getItem(VISITOR_KEY) || sessionStorage.getItem(VISITOR_KEY) || "";
  } catch {
    return "";
  }
};

/** What a page knows of a visit: where it is, how it was reached, and the tracker's ids. */
export const describePage = (): Payload => {
  const found: Payload = { PAGE_URL: location.href, DOMAIN: location.hostname };
  const query = new URLSearchParams(location.search);
  for (const tag of TAGS) if (query.get(tag)) found[tag] = query.get(tag)!;
  const ids = self.PulseGateSession?.ids;
  const visitor = ids?.visitor_id || recallVisitor();
  if (visitor) found.__visitor_id = visitor;
  if (ids) found.__session_id = ids.session_id;
  return found;
};

/** Sends a form's answers. Never throws; what went wrong is said in words for the visitor. */
export const postLead = async (endpoint: string, config: FormConfig, payload: Payload): Promise<Refusal> => {
  const words = findWords(document.documentElement.lang || navigator.language);
  const { siteKey, formId } = config;
  try {
    const answer = await fetch(`${endpoint}/lead.capture`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ ...describePage(), ...payload, siteKey, formId }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) return undefined;
    // A sentence of the server tells what to change; our own faults tell a visitor nothing.
    const said = answer.status < 500 && (await answer.json().catch(() => ({}))).error;
    return { message: typeof said == "string" && answer.status == 400 ? said : words.failed };
  } catch {
    return { message: navigator.onLine === false ? words.offline : words.failed };
  }
};
