import { measureDepth } from "../module/measure-depth.ts";
import { emit } from "./emit.ts";

const MARKS = [25, 50, 75, 90, 100];

/** Reports each mark of depth once per page; the answer starts a new page. */
export const watchScroll = (): (() => void) => {
  let rest = [...MARKS];
  addEventListener(
    "scroll",
    () => {
      const { scrollHeight } = document.documentElement;
      const depth = measureDepth(scrollY + innerHeight, scrollHeight);
      while (rest.length && depth >= rest[0]!) emit("scroll_depth", { depth: rest.shift() });
    },
    { passive: true },
  );
  return () => {
    rest = [...MARKS];
  };
};
