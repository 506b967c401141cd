import type { eventWithTime } from "rrweb";
import type { Source } from "../type/replay.ts";

/** Pieces on their way at once. */
const AT_ONCE = 4;

/** A piece that is gone leaves a gap, and the rest is still worth seeing. */
const loadPiece = async (url: string, headers: Record<string, string>): Promise<eventWithTime[] | undefined> => {
  const answer = await fetch(url, { headers });
  return answer.ok ? answer.json() : undefined;
};

/** Loads the events of a recording, in order; `report` hears which part of it is there, 0 to 1. */
export const loadEvents = async (
  { urls, headers }: Source,
  report: (part: number) => void,
): Promise<{ events: eventWithTime[]; missing: number }> => {
  const pieces: (eventWithTime[] | undefined)[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < urls.length) {
      const place = next++;
      pieces[place] = await loadPiece(urls[place]!, headers).catch(() => undefined);
      report(++done / urls.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const events = pieces.flatMap((piece) => piece ?? []);
  return { events, missing: pieces.filter((piece) => !piece).length };
};
