// A deferred classic script is `currentScript` while it runs; without one the whole script ends
// here, inside the build's try block.
const { dataset: options, src } = document.currentScript as HTMLScriptElement;

/** The `data-*` attributes of our own tag. */
export { options };

/** The project's ingest key. */
export const key = options["key"]!;

/** Where everything goes, with a closing slash: the given base, else the script's own origin. */
export const api = (options["api"] || new URL(src).origin).replace(/\/?$/, "/api/");
