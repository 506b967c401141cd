import type { AssignedExperiment, AssignedVariant } from "../type/experiment.ts";
import { hashText } from "./hash-text.ts";

const BUCKETS = 10_000;

// A double holds the product exactly: it is below 2^46.
const findBucket = (part: string, salt: string, visitorId: string): number =>
  Math.floor((hashText(`${part}:${salt}:${visitorId}`) * BUCKETS) / 2 ** 32);

/** The visitor's variant; undefined when it does not take part. */
export const assign = <V extends AssignedVariant>(
  experiment: AssignedExperiment<V>,
  visitorId: string,
): V | undefined => {
  const { salt, trafficPercentage, variants } = experiment;
  if (findBucket("traffic", salt, visitorId) >= trafficPercentage * 100) return undefined;
  const bucket = findBucket("variant", salt, visitorId);
  return variants.find(({ ranges }) =>
    ranges.some(([start, end]) => start <= bucket && bucket < end),
  );
};
