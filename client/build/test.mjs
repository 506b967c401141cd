// Compiles the tests and hands them to Node's own test runner.
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const tests = fileURLToPath(new URL("../test/", import.meta.url));
const compiled = fileURLToPath(new URL("../dist/test/", import.meta.url));

await rm(compiled, { recursive: true, force: true });
const names = (await readdir(tests)).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: names.map((name) => tests + name),
  bundle: true,
  format: "esm",
  platform: "node",
  outdir: compiled,
  outExtension: { ".js": ".mjs" },
});
const files = names.map((name) => compiled + name.replace(/\.ts$/, ".mjs"));
process.exit(spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1);
