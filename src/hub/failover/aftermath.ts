import { type FailoverDeed, openDeeds } from '../../domain/failover/failover-record.ts';
import { isIngest, isScene } from '../../domain/failover/machine-state.ts';
import type { ShowState } from '../../domain/show.ts';
import type { ReadNow } from '../doors.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import type { Notes } from './notes.ts';
import type { ObsHands } from './obs-hands.ts';

const RESTARTED = 'Dropdesk was restarted while it was under way.';

export interface AftermathDoors {
  readNow: ReadNow;
  notes: Notes;
  hands: ObsHands;
  ingests: () => IngestSwitch | null;
  onChange: () => void;
}

/**
 * After a restart of the hub nothing is armed and nothing goes on: what was proposed is withdrawn at once, and for the
 * action that a kill has cut off OBS is asked once how it ended.
 */
export class Aftermath {
  readonly #doors: AftermathDoors;
  /** actions of an earlier run that are still to be read back */
  #due: string[] = [];
  #isReading = false;

  constructor(doors: AftermathDoors) {
    this.#doors = doors;
  }

  disarm(show: ShowState): void {
    const { notes } = this.#doors;
    if (show.failover.mode !== 'observe')
      notes.write({ kind: 'failover.disarmed', body: { why: 'restart', by: 'dropdesk' } });
    const open = openDeeds(show.failover);
    for (const { action, what, from, to, state } of open) {
      if (state !== 'proposed') continue;
      const body = { action, what, from, to, why: 'Dropdesk was restarted.', by: 'dropdesk' };
      notes.write({ kind: 'failover.cancelled', body });
    }
    this.#due = open.filter(({ state }) => state === 'started').map(({ action }) => action);
  }

  /** Reads back what is due, once OBS can be asked. @param told whether the stream is off and should not be */
  settle(show: ShowState, told: (offAir: boolean) => void): void {
    if (this.#due.length === 0 || this.#isReading) return;
    this.#isReading = true;
    void this.#readBack(show)
      .then((offAir) => {
        this.#due = [];
        told(offAir);
        this.#doors.onChange();
      })
      .catch((error: unknown) => {
        // OBS went away again: at a later look.
        if (!(error instanceof NoAnswer) && !(error instanceof ObsRefused)) throw error;
      })
      .finally(() => (this.#isReading = false));
  }

  async #readBack(show: ShowState): Promise<boolean> {
    const { hands } = this.#doors;
    let offAir = false;
    for (const deed of openDeeds(show.failover).filter(({ action }) => this.#due.includes(action))) {
      if (!isIngest(deed)) {
        this.#write(deed, await hasHappened(deed, hands), show);
        continue;
      }
      const isOn = await hands.isStreaming();
      const ingest = (await this.#doors.ingests()?.look()) ?? null;
      offAir ||= !isOn;
      this.#write(deed, isOn && ingest === deed.to, show);
    }
    return offAir;
  }

  #write(deed: FailoverDeed, happened: boolean, show: ShowState): void {
    const { notes, readNow } = this.#doors;
    const { action, what, from, to } = deed;
    const body = { action, what, from, to, tookMs: Math.max(0, readNow().at - (deed.startedAt ?? deed.at)) };
    const { slate } = show.failover;
    if (!happened) {
      notes.write({ kind: 'failover.failed', body: { ...body, step: 'Read back after the restart', why: RESTARTED } });
      return;
    }
    if (what === 'show-slate' && slate === null)
      notes.write({ kind: 'slate.shown', body: { scene: to ?? '', by: 'dropdesk', action, remembered: from } });
    if (what === 'clear-slate' && slate !== null)
      notes.write({ kind: 'slate.cleared', body: { scene: to ?? '', by: 'dropdesk', action } });
    notes.write({ kind: 'failover.finished', body });
  }
}

async function hasHappened(deed: FailoverDeed, hands: ObsHands): Promise<boolean> {
  return isScene(deed) ? (await hands.scenes()).program === deed.to : await hands.isRecording();
}
