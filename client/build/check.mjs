// Fails when the committed files are not what a fresh build gives, byte by byte, or too large.
import { readdir, readFile } from "node:fs/promises";
import { bundleAll } from "./bundle.mjs";
import { BUILT } from "./place.mjs";
import { checkSizes } from "./size.mjs";

const files = await bundleAll();
const committed = new Set(await readdir(BUILT));
const problems = [...committed].filter((name) => !files.has(name)).map((name) => `${name} is left over`);
for (const [name, text] of files) {
  if (!committed.has(name)) problems.push(`${name} is missing`);
  else if ((await readFile(BUILT + name, "utf8")) !== text) problems.push(`${name} differs`);
}
if (problems.length > 0) {
  console.error(`${problems.join("\n")}\nRun "npm run build" in client/ and commit the result.`);
  process.exit(1);
}
checkSizes(files);
