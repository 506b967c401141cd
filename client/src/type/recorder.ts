/** What the tracker gives to the recorder. */
export interface RecorderPlace {
  /** Where pieces are posted. */
  url: string;
  siteKey: string | undefined;
  session_id: string;
  visitor_id: string;
  /** Tells whether the visit still runs. */
  isRunning: () => boolean;
  /** Called when nothing more of this visit is to be recorded, also on its next pages. */
  end: () => void;
}

/** The default export of the recorder file. */
export type StartRecorder = (place: RecorderPlace) => void;

declare global {
  /** Address of the recorder file below `/api/`, put in by the build. */
  const RECORDER_FILE: string;
}
