/** The share of a page seen so far, 0 to 100, in whole percent. */
export const measureDepth = (bottom_px: number, height_px: number): number =>
  height_px > 0 ? Math.max(0, Math.min(100, Math.round((bottom_px / height_px) * 100))) : 100;
