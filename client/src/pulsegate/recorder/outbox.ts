import type { RecorderPlace } from "../../type/recorder.ts";

/** A piece; the server takes 4 MiB, and a retry should not cost much. */
const PIECE_BYTES = 5e5;

/** Browsers let 64 KiB outlive the page, and the tracker's last events need some of it. */
const LAST_BYTES = 4e4;

/** More is waiting than a visitor's line can carry: the recording ends. */
const WAITING_BYTES = 8e6;

const TRIES = 8;
const WAIT_MS = 5e3;
const LONGEST_WAIT_MS = 6e4;

/** A server that wants to be left alone for longer wants nothing of this visit. */
const PATIENCE_MS = 3e5;

interface Piece {
  seq: number;
  /** The events as JSON, joined by commas. */
  events: string;
  /** On its way as the page may be left. */
  isLeaving?: boolean;
}

/** What takes events and brings them to the server. */
export interface Outbox {
  put(event: object): void;
  /** Sends what waits, piece by piece. */
  flush(): void;
  /** Sends what may outlive the page. */
  leave(): void;
}

const compress = async (text: string): Promise<Blob | string> => {
  if (!("CompressionStream" in self)) return text;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type: "text/plain" });
};

/** Makes an outbox that keeps pieces until the server has them; `end` is called when it gives up. */
export const makeOutbox = (place: RecorderPlace, end: () => void): Outbox => {
  let events: string[] = [];
  let size = 0;
  let pieces: Piece[] = [];
  let waiting = 0;
  let tries = 0;
  let paused_until = 0;
  let isSending = false;
  let isOver = false;
  // Later pages of a visit count on, and so do pages that are open at once.
  let seq = Date.now() * 1e3;

  const giveUp = (): void => {
    isOver = true;
    events = [];
    pieces = [];
    end();
  };

  const cut = (): void => {
    if (!events.length) return;
    pieces.push({ seq: seq++, events: events.join() });
    waiting += size;
    events = [];
    size = 0;
    if (waiting > WAITING_BYTES) giveUp();
  };

  const forget = (piece: Piece): void => {
    pieces = pieces.filter((other) => other != piece);
    waiting = pieces.reduce((sum, { events }) => sum + events.length, 0);
  };

  const render = (piece: Piece): string => {
    const { siteKey, session_id, visitor_id } = place;
    const head = JSON.stringify({ siteKey, session_id, visitor_id, seq: piece.seq, sent_at: Date.now() });
    return `${head.slice(0, -1)},"events":[${piece.events}]}`;
  };

  const postpone = (wait_ms: number): void => {
    if (++tries >= TRIES || wait_ms > PATIENCE_MS) giveUp();
    paused_until = Date.now() + (wait_ms || Math.min(WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS));
  };

  const send = async (piece: Piece): Promise<void> => {
    const answer = await fetch(place.url, { method: "POST", body: await compress(render(piece)) }).catch(
      () => undefined,
    );
    if (isOver) return;
    if (!answer || answer.status >= 500) return postpone(0);
    if (answer.status == 429) return postpone(Number(answer.headers.get("Retry-After")) * 1e3);
    if (!answer.ok) return giveUp();
    tries = 0;
    forget(piece);
  };

  const sendAll = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    try {
      for (;;) {
        const next = pieces.find(({ isLeaving }) => !isLeaving);
        if (!next || Date.now() < paused_until) return;
        await send(next);
      }
    } finally {
      isSending = false;
    }
  };

  return {
    put(event) {
      if (isOver) return;
      const text = JSON.stringify(event);
      events.push(text);
      size += text.length;
      if (size > PIECE_BYTES) cut();
    },
    flush() {
      cut();
      void sendAll().catch(() => {});
    },
    leave() {
      let last = 0;
      const fitting = events.findIndex((text) => (last += text.length + 1) > LAST_BYTES);
      const rest = fitting < 0 ? [] : events.splice(fitting);
      if (events.length) {
        const piece: Piece = { seq: seq++, events: events.join(), isLeaving: true };
        pieces.push(piece);
        waiting += piece.events.length;
        const sent = fetch(place.url, { method: "POST", body: render(piece), keepalive: true });
        // If the page lives on and this failed, the piece is sent again: by its number it counts once.
        const comeBack = (): void => void (piece.isLeaving = false);
        sent.then(({ ok }) => (ok ? forget(piece) : comeBack()), comeBack);
      }
      events = rest;
      size = rest.join().length;
      // Hidden is not gone: what is too much for the last moment may still arrive.
      if (rest.length || pieces.length > 1) this.flush();
    },
  };
};
