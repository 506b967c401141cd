/** 32 bits of a text: FNV-1a over its UTF-8 bytes, then the finaliser of MurmurHash3. The server
 * computes the same (`experiments/assignment.py`); tests/assignment_vectors.json binds both. */
export const hashText = (text: string): number => {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
};
