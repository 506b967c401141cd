/** What browsers have and TypeScript's library leaves out. */
interface Navigator {
  /** https://w3c.github.io/gpc/ */
  readonly globalPrivacyControl?: boolean;
}

interface WindowEventMap {
  /** Raised on the document, from where it bubbles. */
  visibilitychange: Event;
}
