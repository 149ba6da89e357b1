/** `held` the system keeps the screen on · `refused` it does not, the person has to set it · `off` not asked yet */
export type AwakeState = 'held' | 'proven' | 'playing' | 'off' | 'refused';

/**
 * Keeps the screen on where a page may (CUE-51). Wake Lock exists on secure pages only; on plain HTTP over the LAN there
 * is none, and then we say so instead of hoping. A hidden page loses its lock, so it is asked for again at every return.
 */
export class KeepAwake {
  state = $state<AwakeState>('off');
  #lock: WakeLockSentinel | null = null;

  /** @returns stop */
  start(): () => void {
    const ask = (): void => void this.#ask();
    document.addEventListener('visibilitychange', ask);
    // Some systems grant it only inside a tap.
    document.addEventListener('pointerup', ask);
    ask();
    return () => {
      document.removeEventListener('visibilitychange', ask);
      document.removeEventListener('pointerup', ask);
      void this.#lock?.release();
    };
  }

  async #ask(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.#lock) return;
    if (!('wakeLock' in navigator)) {
      this.state = 'refused';
      return;
    }
    try {
      const lock = await navigator.wakeLock.request('screen');
      lock.addEventListener('release', () => {
        this.#lock = null;
        this.state = 'refused';
      });
      this.#lock = lock;
      this.state = 'held';
    } catch {
      this.state = 'refused'; // battery saver, or no tap yet
    }
  }
}
