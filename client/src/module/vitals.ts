import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
import type { StartVitals } from "../type/vitals.ts";
import { guard } from "./guard.ts";

/** Reports the Core Web Vitals of the page that was loaded, each once. */
const startVitals: StartVitals = (send) => {
  const path = location.pathname + location.search;
  const seen = new Set<string>();
  const report = guard(({ id, name, value, rating }: Metric) => {
    if (seen.has(id)) return;
    seen.add(id);
    // CLS is a small fraction, the others are milliseconds; a tenth of either unit is noise.
    send("web_vital", { name, value: +value.toFixed(name == "CLS" ? 4 : 1), rating, path });
  });
  for (const observe of [onLCP, onFCP, onCLS, onINP, onTTFB]) guard(() => observe(report))();
};

export default startVitals;
