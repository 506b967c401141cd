/** One variant as far as assignment needs it. */
export interface AssignedVariant {
  id: string;
  /** Buckets that belong to it: half-open, of 10,000. */
  ranges: readonly (readonly [number, number])[];
}

/** One experiment as far as assignment needs it. */
export interface AssignedExperiment<V extends AssignedVariant = AssignedVariant> {
  salt: string;
  /** Share of the visitors that take part, 0 to 100. */
  trafficPercentage: number;
  variants: readonly V[];
}
