// How a source becomes the text of a served file. The same input gives the same bytes everywhere:
// versions come from the lock file, names carry a hash of the content, nothing carries a date.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const RRWEB =
  "/* Contains rrweb, Copyright (c) 2018 Contributors (https://github.com/rrweb-io/rrweb/graphs/contributors)" +
  " and SmartX Inc., MIT; what it brings along: LICENSE-rrweb.txt */\n";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

/** Returns one file for `entry`, minified; `define` fills in what only the build knows. */
async function bundle(entry, { format, define = {}, notice = "" }) {
  const { outputFiles } = await build({
    entryPoints: [SOURCE + entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2020",
    charset: "ascii",
    external: ["./vitals-*", "./survey-*"],
    legalComments: "none",
    define,
  });
  const text = outputFiles[0].text;
  // Whatever a browser or a page does to us, the page must not notice.
  const guarded = format === "script" ? `(()=>{try{${text}}catch{}})()` : text;
  const { code } = await minify(guarded, {
    ecma: 2020,
    module: format === "module",
    toplevel: true,
    compress: { passes: 4 },
    format: { ascii_only: true, comments: false },
  });
  return notice + code;
}

function nameWithHash(name, code) {
  return `${name}-${createHash("sha256").update(code).digest("hex").slice(0, 8)}.js`;
}

/** Returns every served file as a map from its name to its text, lazy files first. */
export async function bundleAll() {
  const files = new Map();
  const vitals = await bundle("module/vitals.ts", {
    format: "module",
    notice: "/* Contains web-vitals, Copyright Google LLC, Apache-2.0 */\n",
  });
  const vitalsName = nameWithHash("vitals", vitals);
  files.set(vitalsName, vitals);

  const survey = await bundle("survey/main.ts", { format: "module" });
  const surveyName = nameWithHash("survey", survey);
  files.set(surveyName, survey);

  const modules = await bundle("module/main.ts", {
    format: "module",
    define: {
      VITALS_FILE: JSON.stringify(`./${vitalsName}`),
      SURVEY_FILE: JSON.stringify(`./${surveyName}`),
    },
  });
  const modulesName = nameWithHash("modules", modules);
  files.set(modulesName, modules);

  const core = await bundle("pulse/main.ts", {
    format: "script",
    define: { MODULES_FILE: JSON.stringify(`script/${modulesName}`) },
  });
  files.set("script.js", core);
  files.set("grademypage.js", await bundle("grademypage/core.ts", { format: "script" }));
  files.set("grademypage-experiments.js", await bundle("grademypage/main.ts", { format: "script" }));

  files.set("form.js", await bundle("pulsegate/form/main.ts", { format: "script" }));

  // The server puts today's challenge in place of the one free name.
  const echelon = await bundle("echelon/main.ts", {
    format: "script",
    define: { VITALS_PATH: JSON.stringify(`script/${vitalsName}`) },
  });
  files.set("echelon.js", echelon);

  const fingerprint = await bundle("pulsegate/tracker/fingerprint.ts", { format: "module" });
  const fingerprintName = nameWithHash("fingerprint", fingerprint);
  files.set(fingerprintName, fingerprint);

  const recorder = await bundle("pulsegate/recorder/main.ts", { format: "module", notice: RRWEB });
  const recorderName = nameWithHash("recorder", recorder);
  files.set(recorderName, recorder);
  const lazy = {
    FINGERPRINT_FILE: JSON.stringify(`script/${fingerprintName}`),
    RECORDER_FILE: JSON.stringify(`script/${recorderName}`),
  };

  const tracker = await bundle("pulsegate/tracker/main.ts", {
    format: "script",
    define: lazy,
  });
  files.set("tracker.js", tracker);

  const pulse = await bundle("pulsegate/pulse.ts", {
    format: "script",
    define: lazy,
  });
  files.set("pulse.js", pulse);

  const player = await bundle("replay/main.ts", { format: "module", notice: RRWEB });
  files.set(nameWithHash("player", player), player);
  return files;
}
