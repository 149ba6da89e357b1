import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../domain/plan.ts';
import { fromIso } from '../domain/units.ts';
import type { Book } from './book.ts';
import { type Opened, openOrRecover } from './recovery.ts';
import type { DeskStore, ShowRow } from './store/desk-store.ts';

const DEMOS_KEPT = 3;

/** The shows of a data folder: makes their folders, opens their books, remembers which one is on the desk. */
export class Shows {
  readonly dataDir: string;
  readonly #desk: DeskStore;

  constructor(dataDir: string, desk: DeskStore) {
    this.dataDir = dataDir;
    this.#desk = desk;
  }

  /** The show that was on the desk last, or null on an empty folder. */
  current(): ShowRow | null {
    const id = this.#desk.setting('current-show');
    return this.#desk.shows().find((row) => row.id === id) ?? null;
  }

  find(id: string): ShowRow | null {
    return this.#desk.shows().find((row) => row.id === id) ?? null;
  }

  list(): readonly ShowRow[] {
    return this.#desk.shows();
  }

  /** @throws Unrecoverable when it is damaged beyond its safety copies */
  open(row: ShowRow, at: number, isSuspect: boolean): Opened {
    return openOrRecover(row.id, join(this.dataDir, row.folder), { at: new Date(at), isSuspect });
  }

  /** A new folder, named once and never renamed: `shows/2026-11-28-harbour-night-market`. */
  make(plan: Plan, demo: boolean, at: number): ShowRow {
    const room = demo ? 'demo' : 'shows';
    const base = `${dayOf(plan, at)}-${slugOf(plan.show.name)}`;
    let id = base;
    for (let n = 2; existsSync(join(this.dataDir, room, id)) || this.find(id); n += 1) id = `${base}-${n}`;
    const row: ShowRow = {
      id,
      folder: `${room}/${id}`,
      name: plan.show.name,
      phase: 'planned',
      startsAt: plan.show.startsAt,
      demo,
      madeAt: at,
    };
    this.#desk.saveShow(row);
    if (demo) this.#forgetOldDemos(id);
    return row;
  }

  /** Keeps the list's name and phase in step with the open book. */
  note(book: Book, row: ShowRow): void {
    const { plan, phase } = book.show;
    this.#desk.saveShow({
      ...row,
      phase,
      name: plan?.show.name ?? row.name,
      startsAt: plan?.show.startsAt ?? row.startsAt,
    });
  }

  choose(id: string): void {
    if (this.#desk.setting('current-show') !== id) this.#desk.setSetting('current-show', id);
  }

  #forgetOldDemos(keep: string): void {
    const demos = this.#desk.shows().filter((row) => row.demo && row.id !== keep);
    for (const row of demos.slice(DEMOS_KEPT - 1)) {
      this.#desk.forgetShow(row.id);
      rmSync(join(this.dataDir, row.folder), { recursive: true, force: true });
    }
  }
}

function dayOf(plan: Plan, at: number): string {
  const start = plan.show.startsAt === null ? at : fromIso(plan.show.startsAt);
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: plan.show.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(start);
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug || 'show';
}
