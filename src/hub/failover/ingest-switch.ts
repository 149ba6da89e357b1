import type { IngestLabel } from '../../domain/words.ts';
import type { Outcome, Run } from './steps.ts';

/**
 * One way of changing where the stream goes. `direct` (Tier B) sets another server in OBS; `relay` (Tier A) moves a leg of
 * our own behind it, and OBS never stops. The hall hands Failover the one that fits the plan.
 */
export interface IngestSwitch {
  readonly tier: 'relay' | 'direct';
  /** @returns null when it could be done now, else a sentence for people */
  ready: (to: IngestLabel) => string | null;
  /** where the stream goes as far as was read; null: not known */
  current: () => IngestLabel | null;
  /** reads where it goes now. @throws NoAnswer when that cannot be asked */
  look: () => Promise<IngestLabel | null>;
  to: (label: IngestLabel, run: Run) => Promise<Outcome>;
  /** the same ingest once more, without waiting for anybody's back-off */
  retry: (run: Run) => Promise<Outcome>;
}
