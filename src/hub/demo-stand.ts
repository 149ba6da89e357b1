import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Presence } from '../contract/live.ts';
import { readPlan } from '../contract/plan-file.ts';
import { demoPlan } from './demo/demo-plan.ts';
import { startDemo } from './demo/driver.ts';
import { type FakeObs, startFakeObs } from './demo/fake-obs.ts';
import type { Perform, Stop } from './doors.ts';
import { log } from './log.ts';
import type { PostRoom } from './post-room.ts';
import type { Hall } from './procedures/hall.ts';
import { adopted } from './procedures/shows.ts';

export interface DemoStandDoors {
  hall: () => Hall;
  perform: Perform;
  post: PostRoom;
  presence: (device: string, presence: Presence) => void;
  /** folder of demo.dropdesk */
  resources: string;
}

/** The demo: a show of its own folder, an OBS that is played, and a cast that rings up sales through the ordinary doors. */
export class DemoStand {
  readonly #doors: DemoStandDoors;
  #running: { obs: FakeObs; stop: Stop } | null = null;

  constructor(doors: DemoStandDoors) {
    this.#doors = doors;
  }

  /** Starts anew; a demo that runs is left behind. */
  async start(): Promise<void> {
    await this.stop();
    const hall = this.#doors.hall();
    const obs = await startFakeObs();
    const file: unknown = JSON.parse(await readFile(join(this.#doors.resources, 'demo.dropdesk'), 'utf8'));
    const read = readPlan(demoPlan(file, hall.now().at, obs.url));
    if ('faults' in read) throw new Error(`the demo plan does not fit: ${read.faults[0]?.path}`);
    const book = hall.makeShow(read.plan, true);
    const recordDirectory = join(book.folder, 'recordings');
    const recordFile = join(recordDirectory, 'harbour-night.mkv');
    await mkdir(recordDirectory, { recursive: true, mode: 0o700 });
    obs.set({ recordDirectory, recordFile });
    hall.append([{ origin: 'demo', originId: 'plan', ...adopted(read.plan, read.warnings, 'demo', true) }]);
    hall.guests.keep(read.signups, 'plan');
    hall.rewire();
    const ingestSecret = `whsec_${randomBytes(24).toString('base64')}`;
    const stop = startDemo({
      perform: this.#doors.perform,
      // Somebody may open another show while the demo runs: then its cast has nothing to play in any more.
      readShow: () => (hall.book() === book ? book.show : null),
      deliver: (headers, body) => this.#doors.post.accept({ path: 'generic', headers, body }, [ingestSecret]),
      ingestSecret,
      obs,
      recording: recordFile,
      record: (facts) => hall.append(facts),
      presence: this.#doors.presence,
      now: () => hall.now().at,
      log,
    });
    this.#running = { obs, stop };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    await running.stop();
    await running.obs.close();
  }
}
