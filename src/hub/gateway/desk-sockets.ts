import type { Namespace } from 'socket.io';
import { z } from 'zod';
import { type DeskAsks, type DeskJoined, type DeskNews, wireEntry } from '../../contract/messages.ts';
import type { DeskState, ImportView } from '../../contract/desk-state.ts';
import { DESK } from '../../domain/actor.ts';
import type { Entry } from '../../domain/ledger.ts';
import type { GatewayDoors } from './doors.ts';
import { Pacer } from './pacer.ts';
import { answerCommand } from './command-answer.ts';

/** More missing entries than this and the whole state is smaller (SYN-2). */
const GAP_AT_MOST = 5000;
const PUSH_EVERY_MS = 100;
const joinShape = z.object({ afterSeq: z.number().int().min(0).nullish(), epoch: z.string().nullish() });
/** Of those who have joined: whoever has not asked for the state gets no changes to it. */
const JOINED = 'joined';

/** The desks' line: whole state or missing entries at first, then entries and changed parts. */
export class DeskSockets {
  readonly #doors: GatewayDoors;
  readonly #namespace: Namespace<DeskAsks, DeskNews>;
  readonly #pacer = new Pacer(() => this.#push(false), PUSH_EVERY_MS);
  /** part → its JSON as every joined desk has it */
  #sent = new Map<string, string>();
  #epoch: string | null = null;

  constructor(namespace: Namespace<DeskAsks, DeskNews>, doors: GatewayDoors, isToken: (given: unknown) => boolean) {
    this.#namespace = namespace;
    this.#doors = doors;
    namespace.use((socket, next) =>
      next(
        isToken((socket.handshake.auth as Record<string, unknown>)['token']) ? undefined : new Error('unauthorised'),
      ),
    );
    namespace.on('connection', (socket) => {
      socket.on('join', (ask: unknown, ack: unknown) => {
        if (typeof ack !== 'function') return;
        ack(this.#join(ask));
        void socket.join(JOINED);
      });
      socket.on('command', (raw: unknown, ack: unknown) => void answerCommand(doors, DESK, raw, ack));
    });
  }

  stop(): void {
    this.#pacer.stop();
  }

  publish(entries: readonly Entry[]): void {
    if (!this.#hasDesks()) return;
    this.#namespace.to(JOINED).emit('entries', { epoch: this.#doors.epoch(), entries: entries.map(wireEntry) });
  }

  samples(source: string, rows: readonly object[]): void {
    this.#namespace.to(JOINED).volatile.emit('samples', { source, rows });
  }

  progress(progress: ImportView): void {
    this.#namespace.to(JOINED).emit('progress', progress);
  }

  touch(): void {
    if (this.#hasDesks()) this.#pacer.ask();
  }

  /** Once a second: clocks and rates move without anything happening, and a desk wants a sign of life. */
  tick(): void {
    if (this.#hasDesks()) this.#push(true);
  }

  #join(ask: unknown): DeskJoined {
    const { afterSeq, epoch } = joinShape.safeParse(ask).data ?? {};
    const ours = this.#doors.epoch();
    const gap = this.#doors.head() - (afterSeq ?? -Infinity);
    if (epoch && epoch === ours && gap >= 0 && gap <= GAP_AT_MOST) {
      return { epoch: ours, entries: this.#doors.entriesAfter(afterSeq ?? 0, GAP_AT_MOST).map(wireEntry) };
    }
    // Everybody is brought to the same state first, so that later differences are right for the newcomer too.
    return { state: this.#push(false) };
  }

  #push(isSign: boolean): DeskState {
    const state = this.#doors.deskState();
    const { contractVersion: _version, seq, epoch, now, ...parts } = state;
    if (epoch !== this.#epoch) this.#sent.clear();
    this.#epoch = epoch;
    const changed: [string, unknown][] = [];
    for (const [part, value] of Object.entries(parts)) {
      const text = JSON.stringify(value) ?? 'null';
      if (this.#sent.get(part) === text) continue;
      this.#sent.set(part, text);
      changed.push([part, value]);
    }
    if (isSign || changed.length > 0)
      this.#namespace.to(JOINED).emit('parts', { epoch, seq, now, parts: Object.fromEntries(changed) });
    return state;
  }

  #hasDesks(): boolean {
    return (this.#namespace.adapter.rooms.get(JOINED)?.size ?? 0) > 0;
  }
}
