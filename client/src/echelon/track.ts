import { emit } from "./emit.ts";

const MOST_NAME = 128;
const MOST_PROPS = 16;
const MOST_KEY = 64;
const MOST_VALUE = 512;

/** Sends an event of the page's own. */
export const track = (name: string, props: Record<string, unknown> = {}): void => {
  if (!name) return;
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(props).slice(0, MOST_PROPS))
    data[key.slice(0, MOST_KEY)] = typeof value == "string" ? value.slice(0, MOST_VALUE) : value;
  emit("custom", { ...data, name: `${name}`.slice(0, MOST_NAME) });
};
