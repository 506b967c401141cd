// The sizes that people pay for, and the limits on what every visitor loads.
import { gzipSync } from "node:zlib";

/** What every page of every site loads may not grow beyond this, compressed. */
const MOST_BYTES = {
  "script.js": 1200,
  "grademypage.js": 2000,
  "grademypage-experiments.js": 2500,
  "form.js": 7500,
  "pulse.js": 9500,
};

/** Prints each file's size and throws when the core is over its limit. */
export function checkSizes(files) {
  for (const [name, text] of files) {
    const compressed = gzipSync(text, { level: 9 }).length;
    console.log(`${name.padEnd(24)} ${text.length} bytes, ${compressed} gzip`);
    if (compressed > MOST_BYTES[name])
      throw new Error(`${name} is ${compressed} bytes gzip; at most ${MOST_BYTES[name]} are allowed`);
  }
}
