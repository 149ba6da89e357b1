import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestLabel } from '../../domain/words.ts';
import type { RelayDoor } from '../doors.ts';
import type { IngestSwitch } from './ingest-switch.ts';
import type { Outcome, Run } from './steps.ts';

/** First data came 2.3 s after a start (measured); a keyframe and a slow ingest come on top. */
const FLOWS_WITHIN_MS = 10_000;
const LOOK_MS = 100;
const STEP = 'Point the relay at the other ingest';
const AGAIN = 'Start the relay’s leg again';

/** Tier A (STR-84): the leg behind our own relay is moved, and OBS never stops. */
export class RelaySwitch implements IngestSwitch {
  readonly tier = 'relay';
  readonly #relay: RelayDoor;

  constructor(relay: RelayDoor) {
    this.#relay = relay;
  }

  ready(to: IngestLabel): string | null {
    return this.#relay.ready(to);
  }

  current(): IngestLabel | null {
    return this.#relay.target();
  }

  look(): Promise<IngestLabel | null> {
    return Promise.resolve(this.#relay.target());
  }

  async to(label: IngestLabel, run: Run): Promise<Outcome> {
    const before = this.#relay.target();
    run.step(STEP);
    this.#relay.point(label);
    const outcome = await this.#flowing(STEP, run);
    // Cancelled: whoever cancelled wants the stream where it was.
    if (outcome.outcome === 'cancelled' && before !== null) this.#relay.point(before);
    return outcome;
  }

  async retry(run: Run): Promise<Outcome> {
    run.step(AGAIN);
    this.#relay.point(this.#relay.target() ?? 'primary');
    return await this.#flowing(AGAIN, run);
  }

  async #flowing(step: string, run: Run): Promise<Outcome> {
    const until = performance.now() + FLOWS_WITHIN_MS;
    // The old leg's bytes say nothing about the new one.
    await sleep(LOOK_MS);
    while (performance.now() < until) {
      if (this.#relay.isFlowing()) return { outcome: 'done' };
      const why = run.cancelledWhy();
      if (why !== null) return { outcome: 'cancelled', why, offAir: false };
      await sleep(LOOK_MS);
    }
    const why = `Nothing has gone out within ${FLOWS_WITHIN_MS / 1000} s. Check the address, the key and the remuxer.`;
    return { outcome: 'failed', step, why, offAir: false };
  }
}
