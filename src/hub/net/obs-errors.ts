/** A request that OBS did not answer in time, or that was cut off. */
export class NoAnswer extends Error {}

/** obs-websocket's RequestStatus: the output runs already, or does not run. */
export const RUNNING = 500;
export const NOT_RUNNING = 501;

/** OBS answered no; `message` is its own text and may quote what was sent: redact it before it goes anywhere. */
export class ObsRefused extends Error {
  readonly code: number;
  constructor(code: number, comment: string) {
    super(comment);
    this.code = code;
  }
}
