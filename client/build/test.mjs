// Compiles the tests and hands them to Node's own test runner.
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const client = fileURLToPath(new URL("../", import.meta.url));
const compiled = `${client}dist/test/`;

await rm(compiled, { recursive: true, force: true });
const names = [];
for (const folder of ["test/", "sdk/test/"])
  for (const name of await readdir(client + folder))
    if (name.endsWith(".test.ts")) names.push(folder + name);
await build({
  entryPoints: names.map((name) => client + name),
  bundle: true,
  format: "esm",
  platform: "node",
  outbase: client,
  outdir: compiled,
  outExtension: { ".js": ".mjs" },
});
const files = names.map((name) => compiled + name.replace(/\.ts$/, ".mjs"));
process.exit(spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1);
