import { emit } from "./emit.ts";
import { readExtras } from "./extra.ts";

// A glance that rests; passing over on the way elsewhere is none.
const REST_MS = 1000;

/** Reports that a pointer rested on a labelled element. */
export const watchHover = (): void => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over: HTMLElement | null = null;
  document.addEventListener("pointerover", (event) => {
    const next =
      event.target instanceof Element
        ? event.target.closest<HTMLElement>("[data-echelon-hover]")
        : null;
    if (next == over) return;
    clearTimeout(timer);
    over = next;
    if (!next || event.pointerType == "touch") return;
    timer = setTimeout(
      () => emit("hover", { label: next.dataset["echelonHover"], ...readExtras(next) }),
      REST_MS,
    );
  });
};
