import type { FormOptions } from "../type/form.ts";
import { init as initForm, preview, startForm } from "./form/form.ts";
import { session } from "./tracker/api.ts";

const own = document.currentScript as HTMLScriptElement | null;

/** Starts tracking, and shows the form that is named, if one is. */
const init = async (options: Partial<FormOptions> = {}): Promise<void> => {
  const { siteKey, formId, endpoint } = options;
  session.init({ ...(siteKey && { siteKey }), ...(endpoint && { endpoint }) });
  if (siteKey && formId) await initForm({ ...options, siteKey, formId });
};

self.PulseGateSession ??= session;
self.PulseGate = { init, preview };

const { siteKey, endpoint } = own?.dataset ?? {};
if (siteKey) {
  session.init({ siteKey, ...(endpoint && { endpoint }) });
  startForm();
}
