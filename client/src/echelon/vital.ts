import type { StartVitals } from "../type/vitals.ts";
import { emit } from "./emit.ts";
import { origin } from "./setting.ts";

const REPORTED = ["LCP", "CLS", "INP"];

// CLS travels as thousandths, as the documented wire has it.
const CLS_SCALE = 1000;

/** Reports the three core vitals, measured by a file that only this loads. */
export const watchVitals = (): void => {
  import(`${origin}/api/${VITALS_PATH}`).then(
    (file: { default: StartVitals }) =>
      file.default((_type, payload) => {
        const { name, value, rating } = payload as { name: string; value: number; rating: string };
        if (REPORTED.includes(name))
          emit("web_vital", { name, value: name == "CLS" ? value * CLS_SCALE : value, rating });
      }),
    () => {},
  );
};
