import { enterPage, listAssignments } from "./experiment.ts";
import { start } from "./start.ts";

start(listAssignments, enterPage);
