/** What the hub knows of its machine that may raise an alarm. */
export interface Vitals {
  /** a sentence while facts cannot be saved, else null */
  cannotSave: string | null;
  freeBytes: number | null;
  /** device ids that are online now */
  online: ReadonlySet<string>;
}
