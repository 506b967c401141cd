// The sizes that people pay for, and the limit on the part that every visitor loads.
import { gzipSync } from "node:zlib";

/** The core may not grow beyond this, compressed: it is what every page of every site loads. */
const MOST_CORE_BYTES = 1200;

/** Prints each file's size and throws when the core is over its limit. */
export function checkSizes(files) {
  for (const [name, text] of files) {
    const compressed = gzipSync(text, { level: 9 }).length;
    console.log(`${name.padEnd(24)} ${text.length} bytes, ${compressed} gzip`);
    if (name === "script.js" && compressed > MOST_CORE_BYTES)
      throw new Error(`script.js is ${compressed} bytes gzip; at most ${MOST_CORE_BYTES} are allowed`);
  }
}
