"""How long does a browser take for the proof of Echelon's script? A real Chromium solves fresh
challenges, compiling the module each time. `python -m benchmarks.proof`; needs Chromium."""

import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.acceptance.process import Server
from tests.browser.chromium import ARGUMENTS, CHROMIUM

TIMES = 50
AIM_MS = 150

SOLVE = """async ([url, times]) => {
  const { c, w } = JSON.parse(/\\{"c":.*?\\}/.exec(await (await fetch(url)).text())[0]);
  const spent = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    const code = Uint8Array.from(atob(w), (char) => char.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(code);
    const input = new TextEncoder().encode(`${c}:${crypto.randomUUID()}:default`);
    new Uint8Array(instance.exports.memory.buffer).set(input);
    instance.exports.solve(0, input.length, 2048);
    spent.push(performance.now() - began);
  }
  return spent;
}"""


def measure_proof(folder: Path) -> dict[str, Any]:
    """Return the milliseconds of the first, the middle and the slowest solution."""
    server = Server(folder / "data")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page()
            page.goto(f"{server.url}/health")
            spent = page.evaluate(SOLVE, [f"{server.url}/ea.js", TIMES])
            browser.close()
    finally:
        assert server.stop() == 0
    return {
        "proof_first_ms": round(spent[0], 2),
        "proof_median_ms": round(statistics.median(spent), 2),
        "proof_slowest_ms": round(max(spent), 2),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure_proof(Path(made)), indent=1))
