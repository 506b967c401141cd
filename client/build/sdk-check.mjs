// Builds the SDK's package and fails when a page or a backend would load what it did not ask for,
// when a size differs from what the README says, or when the package holds what it should not.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildPackage, PACKAGE } from "./sdk.mjs";

/** The client may not grow beyond this, minified and compressed: every page loads it. */
const MOST_CLIENT_BYTES = 5500;

const SHIPPED =
  /^(package\.json|README\.md|LICENSE|LICENSE-web-vitals\.txt|dist\/[\w-]+\.(js|d\.ts))$/;

const problems = [];
const expect = (isMet, sentence) => isMet || problems.push(sentence);

/** Bundles a program that imports one name from the package, as an application's build does. */
async function bundle(name, from) {
  const program = `import { ${name} } from "${from}"; globalThis.x = ${name};`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: PACKAGE, loader: "js" },
    bundle: true,
    write: false,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir: "out",
    alias: {
      "@footfall/sdk": `${PACKAGE}dist/index.js`,
      "@footfall/sdk/server": `${PACKAGE}dist/server.js`,
    },
  });
  return outputFiles.map(({ path, text }) => ({ name: path.split("/").pop(), text }));
}

/** The text of what a program loads at once: its entry and what that imports statically. */
function readEager(files) {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const wanted = new Set(["stdin.js"]);
  for (const name of wanted)
    for (const [, other] of texts.get(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
      wanted.add(other);
  return [...wanted].map((name) => texts.get(name)).join("");
}

const compress = (text) => gzipSync(text, { level: 9 }).length;

await buildPackage();

const client = await bundle("PulseClient", "@footfall/sdk");
const server = await bundle("PulseServer", "@footfall/sdk/server");
const clientText = readEager(client);
const serverText = readEager(server);
const VITALS = /largest-contentful-paint|web-vitals/;
const BROWSER = /\b(document|localStorage|navigator|history)\b|pagehide|visibilitychange/;
expect(!VITALS.test(clientText), "PulseClient loads web-vitals before anybody asks for it");
expect(client.some(({ text }) => VITALS.test(text)), "the check above looks for the wrong words");
expect(!/click_event|unhandledrejection/.test(clientText), "PulseClient loads the modules at once");
expect(!BROWSER.test(serverText), "PulseServer carries code of the browser");
expect(BROWSER.test(clientText), "the check above looks for the wrong words");
expect(!clientText.includes("X-Forwarded-For"), "PulseClient carries code of the server");
const errors = await bundle("RefusedError", "@footfall/sdk");
expect(compress(readEager(errors)) < 500, "an error class alone brings the client along");

const sizes = [
  ["PulseClient", compress(clientText)],
  ["PulseServer", compress(serverText)],
];
const [head] = (await readFile(`${PACKAGE}README.md`, "utf8")).split("\n## ");
const front = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const clientSize = `${(sizes[0][1] / 1000).toFixed(1)} kB in the browser`;
expect(front.includes(clientSize), `README.md does not say that the SDK is ${clientSize}`);
for (const [name, size] of sizes) {
  console.log(`${name.padEnd(24)} ${size} bytes gzip`);
  const said = `${(size / 1000).toFixed(1)} kB`;
  expect(head.includes(said), `${name} has ${said}; sdk/README.md begins with another figure`);
}
expect(sizes[0][1] <= MOST_CLIENT_BYTES, `PulseClient is over ${MOST_CLIENT_BYTES} bytes gzip`);

const asked = ["pack", "--dry-run", "--json"];
const packed = spawnSync("npm", asked, { cwd: PACKAGE, encoding: "utf8" });
const listed = JSON.parse(packed.stdout);
const [{ files }] = Array.isArray(listed) ? listed : Object.values(listed);
expect(files.length > 10, "the package is empty");
for (const { path } of files) expect(SHIPPED.test(path), `the package holds ${path}`);
for (const { path } of files) {
  const text = await readFile(PACKAGE + path, "utf8");
  const isOurs = /pa_live_[\w-]{20}|\/(work|home|tmp|root)\/|file:\/\//.test(text);
  expect(!isOurs, `${path} holds a key or a path of the machine that built it`);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
