import { emit } from "./emit.ts";

const SECRET = /^(password|hidden)$/;

const describe = (form: HTMLFormElement | null): Record<string, unknown> => ({
  form: form?.dataset["echelonForm"] || form?.id || form?.getAttribute("name") || "form",
});

/** Reports that fields of a form are entered and left, and that it is sent. What was written is
 * never read; passwords and hidden fields are not even named. */
export const watchForms = (): void => {
  const report = (type: string) => (event: Event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || !("form" in field)) return;
    const input = field as HTMLInputElement;
    if (!input.form || SECRET.test(input.type)) return;
    emit(type, { ...describe(input.form), field: input.name || input.id || input.type });
  };
  document.addEventListener("focusin", report("form_focus"));
  document.addEventListener("focusout", report("form_blur"));
  document.addEventListener(
    "submit",
    (event) => emit("form_submit", describe(event.target as HTMLFormElement)),
    true,
  );
};
