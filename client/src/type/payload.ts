/** The fields of one event, in the words of the collect endpoint. */
export type Payload = Record<string, unknown>;
