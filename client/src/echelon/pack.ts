/** Packs a text for a query: base64 of its percent-encoded form, which is plain ASCII. */
export const pack = (text: string): string => btoa(encodeURI(text));
