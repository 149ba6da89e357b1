import type { StreamPlan } from '../domain/plan.ts';
import { Failover, type FailoverDoors } from './failover/failover.ts';
import { Preflight, type PreflightDoors } from './preflight/preflight.ts';
import { StreamWatch, type WatchDoors } from './watch.ts';

export type StreamRoomDoors = Omit<WatchDoors, 'onLook' | 'onSample'> &
  Omit<FailoverDoors, 'obs'> &
  Omit<PreflightDoors, 'obs' | 'health'>;

/** Everything about the stream: it is watched, audited before the show, and saved when it fails. */
export class StreamRoom {
  readonly watch: StreamWatch;
  readonly failover: Failover;
  readonly preflight: Preflight;

  constructor(doors: StreamRoomDoors) {
    this.watch = new StreamWatch({
      ...doors,
      watchesPicture: () => doors.setting('stream.watchPicture') !== false,
      onLook: (health, verdict) => this.failover.look(health, verdict),
      onSample: (sample) => {
        this.failover.hear(sample);
        this.preflight.hear(sample);
      },
    });
    const { obs } = this.watch;
    this.failover = new Failover({ ...doors, obs });
    this.preflight = new Preflight({ ...doors, obs, health: () => this.watch.health });
  }

  /** Wires follow the plan on the desk; the same plan again changes nothing. */
  async restart(plan: StreamPlan | null): Promise<void> {
    this.failover.plan(plan);
    await this.watch.restart(plan);
  }

  async stop(): Promise<void> {
    this.preflight.cancel();
    await this.failover.stop();
    await this.watch.stop();
  }
}
