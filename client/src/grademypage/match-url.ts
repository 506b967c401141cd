import type { Experiment } from "../type/grademypage.ts";

const trim = (url: string): string => url.replace(/\/$/, "");

/** Tells whether an experiment is meant for the page: for its full address without the fragment,
 * or for its path alone. */
export const matchUrl = ({ urlMatchType, targetUrl }: Experiment): boolean =>
  [location.href.split("#")[0]!, location.pathname].some((url) =>
    urlMatchType == "exact"
      ? trim(url) == trim(targetUrl)
      : urlMatchType == "contains"
        ? url.includes(targetUrl)
        : urlMatchType == "all" || url.startsWith(targetUrl),
  );
