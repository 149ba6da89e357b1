import type { DeskState, WrittenFile } from '../contract/desk-state.ts';
import { deskView } from '../contract/desk-view.ts';
import type { Live } from '../contract/live.ts';
import { undeliveredOf } from '../contract/views/close-view.ts';
import type { Actor } from '../domain/actor.ts';
import type { Ask } from '../domain/decide/ask.ts';
import { DEFAULT_RULES, type Rules } from '../domain/decide/rules.ts';
import type { Vitals } from '../domain/decide/vitals.ts';
import type { StreamPlan } from '../domain/plan.ts';
import { fromIso, type Instant } from '../domain/units.ts';
import type { Thresholds } from '../domain/verdict.ts';
import type { Gateway } from './gateway/gateway.ts';
import { takeKeysOut } from './net/key-place.ts';
import { keyedBytes } from './keyed-bytes.ts';
import type { LiveState } from './live-state.ts';
import type { House } from './preflight/check.ts';
import { SETTING_KEYS } from './settings.ts';
import type { SeriesVerdicts } from './series-verdicts.ts';
import type { Shows } from './shows.ts';
import type { Stage } from './stage.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { DeskStore } from './store/desk-store.ts';
import { Inbox } from './store/inbox.ts';
import type { Secrets } from './store/secrets.ts';
import type { StreamRoom } from './stream-room.ts';

/** as many as the list of what is to be settled shows */
const MOST_LETTERS = 60;

export interface PresentDoors {
  stage: Stage;
  storage: StorageWatch;
  live: LiveState;
  shows: Shows;
  desk: DeskStore;
  secrets: Secrets;
  /** keyed hash of a contact, or of whoever a sign-up's code stands for */
  refOf: (text: string) => string;
  /** shops that were not read since an instant, by name */
  series: SeriesVerdicts;
  behind: (at: Instant) => string[];
  /** up to when each shop has told of every order, by source */
  readUntil: () => ReadonlyMap<string, Instant>;
  gateway: () => Gateway;
  stream: () => StreamRoom;
}

/** What is true now: the fold and everything beside it, put together for whoever looks. */
export class Present {
  readonly #doors: PresentDoors;

  constructor(doors: PresentDoors) {
    this.#doors = doors;
  }

  /** The whole desk view. */
  state(): DeskState {
    const { stage } = this.#doors;
    const state = deskView(stage.book?.show ?? null, this.live(), stage.now());
    return state.plan === null
      ? state
      : { ...state, plan: { ...state.plan, stream: this.#keyless(state.plan.stream) } };
  }

  /** A plan may have been adopted before its key was in the settings: it is shown, and given back, without it. */
  #keyless(stream: StreamPlan): StreamPlan {
    return takeKeysOut(stream, (name) => this.#doors.secrets.read(name)).plan;
  }

  live(): Live {
    const { stage, storage, live, shows } = this.#doors;
    const [gateway, stream] = [this.#doors.gateway(), this.#doors.stream()];
    const now = stage.now();
    return {
      epoch: stage.book?.ledger.epoch ?? null,
      stream: stream.watch.view(now),
      failover: stream.failover.view(now),
      audit: stream.preflight.view(stage.book?.show ?? null, now),
      recording: stream.watch.recording(now),
      presence: live.presence,
      storage: storage.view(stage.book, stage.trouble),
      connectors: live.connectors(),
      imports: live.imports.views(),
      shows: shows.list().map(({ madeAt: _, ...show }) => show),
      settings: this.settings(),
      floor: gateway.floor,
      ingest: { url: gateway.ingestUrl },
      files: this.files(),
      closeProgress: live.closeProgress,
      earlierWithoutScale: this.#earlierWithoutScale(),
      unsettledLetters: live.unsettledLetters,
      pendingLetters: this.#pendingLetters(),
      letters: this.#letters(),
      behind: this.#behind(),
    };
  }

  #earlierWithoutScale(): number {
    const show = this.#doors.stage.book?.show;
    return show ? this.#doors.series.earlierWithoutScale(show) : 0;
  }

  /** The newest letters that wait for a person; nearly always none, and then nothing is read. */
  #letters(): Live['letters'] {
    const { stage, live } = this.#doors;
    return stage.book && live.unsettledLetters > 0 ? new Inbox(stage.book.db).unsettled(MOST_LETTERS) : [];
  }

  /** What has come and is not booked yet; it matters once the show closes (CLS-2). */
  #pendingLetters(): number {
    const { book } = this.#doors.stage;
    return book?.show.phase === 'closing' ? new Inbox(book.db).counts().pending : 0;
  }

  /** Sales may be missing as long as a shop was not read after the close began (CLS-2). */
  #behind(): string[] {
    const show = this.#doors.stage.book?.show;
    return show?.phase === 'closing' && show.closingAt !== null ? this.#doors.behind(show.closingAt) : [];
  }

  /** What a decision of the domain is asked with: this turn's clock, the next seq, what is still on its way. */
  ask(id: string, actor: Actor): Ask {
    const { stage, storage, live, secrets } = this.#doors;
    return {
      id,
      actor,
      now: stage.now(),
      seq: (stage.book?.ledger.head.seq ?? 0) + 1,
      refOf: this.#doors.refOf,
      rules: this.rules(),
      codeOf: (text) => keyedBytes(secrets.installationKey(), text),
      undelivered: undeliveredOf({
        unsettledLetters: live.unsettledLetters,
        pendingLetters: this.#pendingLetters(),
        behind: this.#behind(),
        presence: live.presence,
        storage: storage.view(stage.book, stage.trouble),
      }),
    };
  }

  /** What the producer has set for selling. */
  rules(): Rules {
    const { desk } = this.#doors;
    const number = (key: string, otherwise: number): number => {
      const value = desk.setting(key);
      return typeof value === 'number' ? value : otherwise;
    };
    const { thresholds } = DEFAULT_RULES;
    return {
      cashRoundingMinor: number('cashRoundingMinor', DEFAULT_RULES.cashRoundingMinor),
      tillDiscountPercent: number('till.discountPercent', DEFAULT_RULES.tillDiscountPercent),
      drawerVariancePercent: number('drawer.variancePercent', DEFAULT_RULES.drawerVariancePercent),
      // Settings are checked when they are set, so what is stored has their shape.
      sourceDefaults: (desk.setting('attribution.sourceDefault') ?? null) as Rules['sourceDefaults'],
      inPerson: desk.setting('outside.inPerson') === 'rung-here' ? 'rung-here' : DEFAULT_RULES.inPerson,
      streamDelayMs: (desk.setting('stream.delayMs') ?? null) as Rules['streamDelayMs'],
      thresholds: {
        minRepeatGain: number('verdict.minRepeatGain', thresholds.minRepeatGain),
        minLtvGainMinor: number('verdict.minLtvGainMinor', thresholds.minLtvGainMinor),
        repeatWindow: number('verdict.repeatWindow', thresholds.repeatWindow) as Thresholds['repeatWindow'],
        minBuyers: number('verdict.minBuyers', thresholds.minBuyers),
      },
    };
  }

  vitals(): Vitals {
    const { storage, live } = this.#doors;
    return {
      cannotSave: storage.cannotSave,
      freeBytes: storage.freeBytes,
      online: live.online(),
      pending: live.pending,
      read: this.#doors.readUntil(),
      layers: this.#doors.stream().watch.layers,
    };
  }

  /** For the audit's look at the house itself (UI-54). */
  house(): House {
    const { storage, live, stage } = this.#doors;
    const { lastSnapshotAt, freeBytes } = storage.view(stage.book, stage.trouble);
    return {
      online: live.online(),
      awake: new Map([...live.presence].map(([id, { awake }]) => [id, awake])),
      freeBytes,
      lastSnapshotAt: lastSnapshotAt === null ? null : fromIso(lastSnapshotAt),
    };
  }

  /** Values of settings; of a secret only that it is set. */
  settings(): Record<string, unknown> {
    const { desk, secrets } = this.#doors;
    const plain = SETTING_KEYS.map((key) => [key, desk.setting(key) ?? null] as const);
    const set = secrets.names().map((name) => [`secret.${name}`, { set: true }] as const);
    return Object.fromEntries([...plain, ...set]);
  }

  /** Everything that was written for this show, newest version first. */
  files(): WrittenFile[] {
    return (this.#doors.stage.book?.show.close.written ?? []).toReversed().flatMap(({ files }) => files);
  }
}
