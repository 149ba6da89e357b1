import { untrack } from 'svelte';
import type { CueScreenView } from '../../../contract/floor-views.ts';
import { toIso } from '../../../domain/units.ts';
import type { CueAnswer, HelpKind } from '../../../domain/words.ts';
import type { FloorConnection, Sending } from '../parts/connection.ts';
import { clockAt, cueFace } from '../parts/cue-state.ts';
import type { Ticking } from '../parts/ticking.svelte.ts';
import { Contents } from './contents.svelte.ts';

/** two presses of [Mark moment] within this time are one (CUE-34) */
const ONE_MARK_MS = 1000;
const MARK_SHOWN_MS = 4000;
/** by then the view has said what the hub has answered */
const VIEW_FOLLOWS_MS = 1000;

export type Answer = Exclude<CueAnswer, 'seen'>;

/** One co-host's screen: what it shows now and what its buttons do. Everything it sends is kept first (CUE-35). */
export class CueScreen {
  readonly view: CueScreenView = $derived.by(() => this.#connection.view as CueScreenView);
  readonly face = $derived.by(() => cueFace(this.view, this.#ticking.t));
  readonly clock = $derived.by(() => clockAt(this.view, this.#ticking.t));
  readonly content = $derived.by(() => this.#contents.of(this.face.cue));
  /** clock time of the mark that is being confirmed */
  markedAt = $state<number | null>(null);
  notKept = $state(false);

  /** dispatch → what this device answered, before the hub's view says so */
  // Plain records: what pages share must not grow by the reactive maps, which only the desk can carry.
  #answers = $state<Record<string, { answer: Answer; at: number }>>({});
  #read = $state<Record<string, true>>({});
  #ticks = $state<Record<string, boolean>>({});
  #seen: Record<string, true> = {};
  #connection: FloorConnection;
  #ticking: Ticking;
  #contents: Contents;
  #lastMark = -Infinity;

  constructor(connection: FloorConnection, ticking: Ticking) {
    this.#connection = connection;
    this.#ticking = ticking;
    this.#contents = new Contents(connection);
    $effect(() => {
      const { view, face } = this;
      void connection.link;
      untrack(() => this.#contents.follow(view, face.cue));
    });
  }

  /** The dispatch that waits for me, with my answer if there is one; what is on air already asks for none. */
  readonly dispatch = $derived.by(() => {
    const { dispatch, now } = this.view;
    if (!dispatch) return null;
    const told = isAnswer(dispatch.state) ? { answer: dispatch.state, at: null } : null;
    const given = this.#answers[dispatch.id] ?? told;
    return given && dispatch.cue === now?.id ? null : { id: dispatch.id, given };
  });

  /** Messages that have neither been tapped away nor run out, newest first. */
  readonly messages = $derived.by(() =>
    this.view.messages
      .filter(({ id, expiresAt }) => !this.#read[id] && (expiresAt === null || Date.parse(expiresAt) > this.clock))
      .sort((a, b) => Date.parse(b.sentAt) - Date.parse(a.sentAt)),
  );

  readonly canTick = $derived(
    ['standby', 'on-air', 'wrap-up', 'over'].includes(this.face.state) && this.view.show.phase === 'live',
  );

  isTicked(point: string): boolean {
    return this.#ticks[`${this.face.cue}/${point}`] ?? this.view.ticked.includes(point);
  }

  tick(point: string): void {
    const { cue } = this.face;
    if (cue === null) return;
    const key = `${cue}/${point}`;
    const ticked = !this.isTicked(point);
    this.#ticks[key] = ticked;
    const forget = (): void => {
      if (this.#ticks[key] === ticked) delete this.#ticks[key];
    };
    // The view follows the answer by a moment; a refused tick must not stay on the screen.
    this.#send('tick-point', { cue, point, ticked }).reply.then(
      (reply) => (reply.ok ? setTimeout(forget, VIEW_FOLLOWS_MS) : forget()),
      forget,
    );
  }

  answer(dispatch: string, answer: Answer): void {
    this.#answers[dispatch] = { answer, at: this.clock };
    this.#send('answer-cue', { dispatch, answer });
  }

  dismiss(message: string): void {
    this.#read[message] = true;
    this.#send('answer-cue', { dispatch: message, answer: 'accepted' });
  }

  /** Reports what has been on a visible screen for half a second (CUE-29), once each. */
  saw(dispatch: string): void {
    if (this.#seen[dispatch]) return;
    this.#seen[dispatch] = true;
    this.#send('answer-cue', { dispatch, answer: 'seen' });
  }

  mark(): void {
    const pressed = performance.now();
    if (pressed - this.#lastMark < ONE_MARK_MS) return;
    this.#lastMark = pressed;
    const { clock } = this.#connection;
    const at = clockAt(this.view, clock.hubNow());
    this.markedAt = at;
    setTimeout(() => {
      if (this.markedAt === at) this.markedAt = null;
    }, MARK_SHOWN_MS);
    const certainty = clock.boundMs === null ? {} : { uncertaintyMs: Math.ceil(clock.boundMs) };
    this.#send('mark-moment', { pressedAt: toIso(at), ...certainty });
  }

  askFor(what: HelpKind): void {
    this.#send('request-help', { what });
  }

  /** Requests for help as they stand: those the hub knows, and those still kept here. */
  readonly requests = $derived.by(() => {
    const known = this.view.requests.map(({ what, state, text }) => ({ what, state, text }));
    const waiting = this.#connection.outbox.filter((kept) => kept.kind === 'request-help' && !kept.refusal);
    return [...known, ...waiting.map((kept) => ({ what: String(kept.body['what']), state: 'kept', text: null }))];
  });

  /** Pressed for another show and never sent: kept until someone says that it may go (CUE-35). */
  readonly foreign = $derived.by(() => this.#connection.outbox.filter((kept) => kept.refusal));

  discardForeign(): void {
    for (const { id } of this.foreign) void this.#connection.settle(id);
  }

  #send(kind: string, body: object): Sending {
    const sending = this.#connection.send(kind, body);
    sending.kept.then(
      () => (this.notKept = false),
      () => (this.notKept = true),
    );
    return sending;
  }
}

function isAnswer(rung: string): rung is Answer {
  return rung === 'accepted' || rung === 'need-a-minute' || rung === 'declined';
}
