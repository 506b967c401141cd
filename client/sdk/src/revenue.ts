import type { EventPayload, Properties } from "./payload.ts";

/** Renders an event; a property `revenue`, `{ amount, currency }`, becomes the event's own. */
export const renderEvent = (name: string, props: Properties = {}): EventPayload => {
  const { revenue, ...rest } = props;
  const { amount, currency } = (revenue ?? {}) as Properties;
  if (typeof amount != "number") return { type: "event", name, data: props };
  return {
    type: "event",
    name,
    data: rest,
    revenue_amount: amount,
    revenue_currency: typeof currency == "string" ? currency : undefined,
  };
};
