import { token } from "./token.ts";

/** The proof once it is there; a page that is left sends what it has. */
export let solved = "";
void token.then((text) => (solved = text));
