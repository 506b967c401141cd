import type { OnPageview } from "./module.ts";
import type { Send } from "./send.ts";

/** One question, as `/api/v1/surveys/active` gives it. */
export type Question = {
  id: string;
  type: "rating" | "text" | "single_choice" | "multiple_choice" | "yes_no" | "email";
  text: string;
  min?: number;
  max?: number;
  min_label?: string;
  max_label?: string;
  required?: boolean;
  options?: string[];
};

/** When a survey appears. */
export type Trigger = {
  type?: "page_load" | "time_on_page" | "scroll_percent" | "exit_intent" | "event";
  delay_seconds?: number;
  scroll_percent?: number;
  event_name?: string;
  pages?: string[];
  show_once?: boolean;
  sample_percent?: number;
};

/** How a survey looks. */
export type Appearance = {
  position?: "bottom-right" | "bottom-left" | "top-right" | "top-left";
  theme?: "light" | "dark" | "auto";
  primary_color?: string;
  thank_you?: string;
};

export type Survey = {
  id: string;
  name: string;
  questions: Question[];
  trigger_config: Trigger;
  appearance: Appearance;
};

export type Answer = string | number | boolean | string[];

/** Answers by the question's id. */
export type Answers = Map<string, Answer>;

/** What a panel tells whoever opened it. */
export type PanelEvents = {
  /** The visitor has answered to the end, or leaves with some answers given. */
  onAnswer: (answers: Answers, isCompleted: boolean) => void;
  /** The panel is gone. */
  onClose: () => void;
};

/** The default export of the survey file. */
export type StartSurveys = (send: Send, key: string) => OnPageview;
