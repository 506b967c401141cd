import { assign } from "../experiment/assign.ts";
import type { Assignment, Experiment } from "../type/grademypage.ts";
import { applyChanges, revertChanges } from "./change.ts";
import { guard } from "./guard.ts";
import { matchUrl } from "./match-url.ts";
import { api, project } from "./place.ts";
import { tab } from "./queue.ts";
import { keep, store } from "./storage.ts";
import { track } from "./track.ts";
import { findSession, visitorId } from "./visitor.ts";

// The page waits for its changes no longer than this.
const MOST_HIDDEN_MS = 1e3;

let experiments: Experiment[] | undefined;

/** What the visitor was shown, by experiment. It outlives a change of the split: who has seen a
 * variant keeps it. */
let seen: Record<string, Assignment> = {};

guard(() => (seen = JSON.parse(store["gmp_seen"]!)))();

/** Returns what this visitor was shown of the experiments that run. */
export const listAssignments = (): Assignment[] =>
  (experiments || []).flatMap(({ id }) => seen[id] || []);

const showVariants = (): void => {
  revertChanges();
  const here = experiments!.filter(matchUrl);
  const shown = here.flatMap((experiment) => {
    const { id, name, variants } = experiment;
    const variant =
      variants.find((variant) => variant.id == seen[id]?.variantId) ||
      assign(experiment, visitorId);
    if (!variant) return [];
    seen[id] = {
      experimentId: id,
      variantId: variant.id,
      variantName: variant.name,
      experimentName: name,
    };
    return variant.changes;
  });
  applyChanges(shown);
  keep("gmp_seen", JSON.stringify(seen));
  here.forEach(({ id }) => {
    const session = findSession();
    if (seen[id] && store["gmp_e_" + id] != session) {
      keep("gmp_e_" + id, session);
      track("experiment_impression", { eventData: seen[id] });
    }
  });
};

const take = guard((text: string): void => {
  experiments = JSON.parse(text).experiments;
  showVariants();
});

/** Shows a page as the experiments that are meant for it want it. The first time it learns what
 * runs, from this tab's memory at once and from the server; until it knows, the page is hidden. */
export const enterPage = (): void => {
  if (experiments) return guard(showVariants)();
  const { style } = document.documentElement;
  const before = style.opacity;
  const reveal = (): void => {
    style.opacity = before;
  };
  const known = tab["gmp_x"];
  setTimeout(reveal, MOST_HIDDEN_MS);
  if (known) take(known);
  else style.opacity = "0";
  fetch(api + "experiments/active?projectId=" + project)
    .then((answer) => answer.text())
    .then((text) => {
      if (text != known) {
        take(text);
        tab["gmp_x"] = text;
      }
    })
    .catch(() => {})
    .then(reveal);
};
