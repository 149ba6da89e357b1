/** The parts of Electron that this guard needs; a test hands in its own. */
export interface LiveGuardDoors {
  blocker: { start(type: 'prevent-display-sleep'): number; stop(id: number): void };
  /** asks "The show is live …"; true: quit */
  askToQuit: () => boolean;
}

/**
 * While a show is live or closing the laptop must not sleep and the app must not quit by accident (UI-70, UI-71). The
 * phase comes from the hub, not from a page.
 */
export class LiveGuard {
  readonly #doors: LiveGuardDoors;
  #blockerId: number | null = null;

  constructor(doors: LiveGuardDoors) {
    this.#doors = doors;
  }

  get isLive(): boolean {
    return this.#blockerId !== null;
  }

  follow(phase: string | null): void {
    const shouldBlock = phase === 'live' || phase === 'closing';
    if (shouldBlock && this.#blockerId === null) this.#blockerId = this.#doors.blocker.start('prevent-display-sleep');
    if (!shouldBlock && this.#blockerId !== null) {
      this.#doors.blocker.stop(this.#blockerId);
      this.#blockerId = null;
    }
  }

  mayQuit(): boolean {
    return !this.isLive || this.#doors.askToQuit();
  }
}
