// Where the served files are committed.
import { fileURLToPath } from "node:url";

export const BUILT = fileURLToPath(new URL("../../src/footfall/scripts/built/", import.meta.url));
