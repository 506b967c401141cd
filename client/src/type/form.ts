export type Option = string | { value: string; label?: string };

/** One field of a form. */
export type FieldConfig = {
  name: string;
  label?: string;
  type?: "text" | "email" | "tel" | "select" | "textarea" | "checkbox" | "radio" | "hidden";
  placeholder?: string;
  /** Said below the label, and read out with the field. */
  hint?: string;
  required?: boolean;
  options?: Option[];
  pattern?: string;
  /** What is said when the pattern is not met. */
  message?: string;
  maxLength?: number;
  defaultValue?: string | number | boolean;
  autocomplete?: string;
};

export type CustomTheme = {
  primaryColor?: string;
  background?: string;
  textColor?: string;
  borderRadius?: string | number;
  fontFamily?: string;
};

export type Theme = "light" | "dark" | "minimal" | CustomTheme;

/** A form, as `/forms/config` gives it. */
export type FormConfig = {
  siteKey: string;
  formId: string;
  name?: string;
  title?: string;
  subtitle?: string;
  submitLabel?: string;
  successMessage?: string;
  redirectUrl?: string;
  theme?: Theme;
  fields: FieldConfig[];
  hidden?: Record<string, string | number>;
  target?: string;
};

/** What a page says of the form it wants. */
export type FormOptions = {
  siteKey: string;
  formId: string;
  /** Where Footfall answers; by default whence the script came. */
  endpoint?: string;
  /** Where the form goes; by default where the form itself says, else where the tag stands. */
  target?: string | Element;
  theme?: Theme;
};

export type Payload = Record<string, string | number | boolean>;

/** What became of a form that was sent: nothing to say, or what went wrong. */
export type Refusal = { message: string } | undefined;

/** A field on the page. */
export type Field = {
  name: string;
  label: string;
  root: HTMLElement;
  /** What is written, as it is sent; undefined: nothing. */
  read: () => string | undefined;
  /** Says what is wrong at the field, and returns it; '' when nothing is. */
  check: () => string;
  focus: () => void;
};

declare global {
  interface Window {
    PulseGate?: {
      /** `/pulse.js` takes a site without a form too: then it tracks only. */
      init: (options: FormOptions) => Promise<void>;
      /** Shows a form without sending anything, for editors. */
      preview: (place: HTMLElement, config: FormConfig) => void;
    };
  }
}
