import { start } from "./start.ts";

// What a project is served while none of its experiments runs.
start(
  () => [],
  () => {},
);
