// Builds the package of the SDK into dist/sdk, ready for `npm pack`. The shared parts of the
// served tracker are bundled in; web-vitals and the modules stay files that load when asked for.
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const CLIENT = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = `${CLIENT}sdk/`;

/** Where the package lies once it is built, unless the caller names another folder. */
export const PACKAGE = `${CLIENT}dist/sdk/`;

/** The entry points, by the names that package.json exports. */
export const ENTRIES = ["index", "server"];

async function buildScripts(target) {
  await build({
    entryPoints: ENTRIES.map((name) => `${SOURCE}src/${name}.ts`),
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir: `${target}dist`,
    chunkNames: "[name]-[hash]",
    legalComments: "none",
  });
}

/** Copies the declarations that the entry points reach; the rest is nobody's business. */
async function buildTypes(target) {
  const types = `${target}types/`;
  const { status } = spawnSync(
    process.execPath,
    [`${CLIENT}node_modules/typescript/bin/tsc`, "-p", `${SOURCE}tsconfig.json`, "--outDir", types],
    { stdio: "inherit" },
  );
  if (status !== 0) throw new Error("The SDK's types are wrong.");
  const wanted = new Set(ENTRIES);
  for (const name of wanted) {
    const text = await readFile(`${types}sdk/src/${name}.d.ts`, "utf8");
    for (const [, other] of text.matchAll(/from "\.\/([\w-]+)\.ts"/g)) wanted.add(other);
    const shipped = text.replace(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"');
    await writeFile(`${target}dist/${name}.d.ts`, shipped);
  }
  await rm(types, { recursive: true });
}

/** Builds everything anew into the folder `target`, whose name ends in a slash. */
export async function buildPackage(target = PACKAGE) {
  await rm(target, { recursive: true, force: true });
  await mkdir(`${target}dist`, { recursive: true });
  await buildScripts(target);
  await buildTypes(target);
  for (const name of ["package.json", "README.md"]) await copyFile(SOURCE + name, target + name);
  await copyFile(`${CLIENT}../LICENSE`, `${target}LICENSE`);
  const notice = "LICENSE-web-vitals.txt";
  await copyFile(`${CLIENT}../src/footfall/scripts/${notice}`, target + notice);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPackage(process.argv[2]);
