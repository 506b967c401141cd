// Builds the served files and puts them where the server reads them.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { bundleAll } from "./bundle.mjs";
import { BUILT } from "./place.mjs";
import { checkSizes } from "./size.mjs";

const files = await bundleAll();
await mkdir(BUILT, { recursive: true });
for (const name of await readdir(BUILT)) if (!files.has(name)) await rm(BUILT + name);
for (const [name, text] of files) await writeFile(BUILT + name, text);
checkSizes(files);
