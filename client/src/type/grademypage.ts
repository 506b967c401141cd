import type { AssignedVariant } from "./experiment.ts";

/** One change of a page. */
export interface Change {
  selector: string;
  changeType: "text" | "html" | "style" | "class" | "css";
  property?: string;
  value: string;
}

/** One variant of an experiment. */
export interface Variant extends AssignedVariant {
  name: string;
  changes: Change[];
}

/** One running experiment, as the server describes it. */
export interface Experiment {
  id: string;
  name: string;
  targetUrl: string;
  urlMatchType: "all" | "exact" | "contains" | "starts_with";
  trafficPercentage: number;
  salt: string;
  variants: Variant[];
}

/** What a visitor was shown of one experiment. */
export interface Assignment {
  experimentId: string;
  variantId: string;
  variantName: string;
  experimentName: string;
}

/** What a caller may say about an event. */
export interface Detail {
  eventName?: string;
  eventData?: object | undefined;
}

/** The global object. */
export interface GradeMyPage {
  track: (eventType: string, detail?: Detail) => void;
  trackConversion: (name: string, eventData?: object) => void;
  getExperimentAssignments: () => Assignment[];
}

declare global {
  interface Window {
    grademypage?: GradeMyPage;
  }
}
