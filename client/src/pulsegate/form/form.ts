import { element } from "../../survey/element.ts";
import type { FormConfig, FormOptions, Theme } from "../../type/form.ts";
import { postLead } from "./post.ts";
import { showForm } from "./view.ts";

// Only now: whoever asks later learns nothing.
const script = document.currentScript as HTMLScriptElement | null;
const ORIGIN = script?.src ? new URL(script.src).origin : location.origin;

const warn = (text: string): void => console.warn(`PulseGate: ${text}`);

const whenReady = (): Promise<unknown> =>
  document.readyState == "loading"
    ? new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }))
    : Promise.resolve();

const findTarget = (target: string | Element | undefined): Element | null => {
  try {
    return typeof target == "string" ? document.querySelector(target) : target || null;
  } catch {
    return null; // a selector that is none
  }
};

/** Makes the place of a form: within its target, else where the tag stands. */
const makePlace = (target: string | Element | undefined): HTMLElement | undefined => {
  const found = findTarget(target);
  if (target && !found) return;
  const place = element("div", { "data-pulsegate-form": "" });
  if (found) {
    found.querySelector(":scope>[data-pulsegate-form]")?.remove();
    found.append(place);
  } else if (script?.isConnected && document.body.contains(script)) script.after(place);
  else return;
  return place;
};

const load = async (endpoint: string, siteKey: string, formId: string): Promise<FormConfig> => {
  const query = new URLSearchParams({ siteKey, formId });
  const answer = await fetch(`${endpoint}/forms/config?${query}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
};

const leave = (url: string): boolean => {
  const address = new URL(url, location.href);
  const isPage = /^https?:$/.test(address.protocol);
  if (isPage) location.assign(address);
  return isPage;
};

/** Shows a form. Resolves when it is there, or when it is clear that it cannot be. */
export const init = async ({ siteKey, formId, endpoint, target, theme }: FormOptions): Promise<void> => {
  try {
    const host = (endpoint || ORIGIN).replace(/\/+$/, "");
    const loading = load(host, siteKey, formId);
    // Reported below; the page must not hear of it meanwhile.
    loading.catch(() => {});
    await whenReady();
    const early = target && makePlace(target);
    const config = await loading;
    const place = early || makePlace(target || config.target);
    if (!place) return warn(`there is no place for the form '${formId}': name a target`);
    showForm(place, theme ? { ...config, theme } : config, async (payload) => {
      const refusal = await postLead(host, config, payload);
      if (refusal) return refusal;
      place.dispatchEvent(new CustomEvent("pulsegate:submitted", { bubbles: true, detail: { siteKey, formId } }));
      // Nobody is thanked here who is thanked there.
      return config.redirectUrl && leave(config.redirectUrl) ? new Promise(() => {}) : undefined;
    });
  } catch (error) {
    warn(`the form '${formId}' cannot be shown: ${(error as Error)?.message}`);
  }
};

/** Shows a form without sending anything, for editors. */
export const preview = (place: HTMLElement, config: FormConfig): void => showForm(place, config, async () => undefined);

/** Shows the form that the script tag itself names, so that a page needs no code of its own. */
export const startForm = (): void => {
  const { siteKey, formId, endpoint, target, theme } = script?.dataset ?? {};
  if (!siteKey || !formId) return;
  void init({
    siteKey,
    formId,
    ...(endpoint && { endpoint }),
    ...(target && { target }),
    ...(theme && { theme: theme as Theme }),
  });
};
