/** Writes a length of time as a clock: 1:05, 1:02:09. */
export const renderTime = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1e3));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${seconds % 60}`.padStart(2, "0");
  return hours ? `${hours}:${`${minutes}`.padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
};
