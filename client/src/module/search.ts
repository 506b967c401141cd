import type { StartModule } from "../type/module.ts";

const MOST_CHARACTERS = 500;

/** Reports what people search for on the site, from the address of the page of results. */
export const search: StartModule = (send, options) => {
  let last = "";
  const report = (): void => {
    const value = new URLSearchParams(location.search).get(options["searchParam"] || "q") ?? "";
    const query = value.trim().slice(0, MOST_CHARACTERS);
    // The second page of results is not a second search.
    if (query && query != last) send("search_query", { query });
    last = query;
  };
  report();
  return report;
};
