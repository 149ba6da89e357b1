import type { Present } from './present.ts';
import { renewStaleCopies } from './procedures/erase-person.ts';
import type { Hall } from './procedures/hall.ts';
import type { SeriesVerdicts } from './series-verdicts.ts';
import type { Stage } from './stage.ts';
import type { StorageWatch } from './storage-watch.ts';

const EVERY_MS = 10_000;

export interface HouseParts {
  stage: Stage;
  storage: StorageWatch;
  series: SeriesVerdicts;
  present: Present;
  hall: () => Hall;
  touch: () => void;
}

/** What is done every ten seconds whether anybody asks or not: the disk, the copies of the show, the series' verdicts. */
export class Housekeeper {
  readonly #parts: HouseParts;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: HouseParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#keepHouse(), EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #keepHouse(): Promise<void> {
    const { stage, storage, series, present, hall, touch } = this.#parts;
    storage.look(stage.book);
    if (stage.book) await storage.snapshot(stage.book, stage.now().at);
    const { book } = stage;
    if (book) series.note(book.show, stage.now().at, present.rules().thresholds);
    await renewStaleCopies(hall());
    touch();
  }
}
