import { randomBytes } from 'node:crypto';
import {
  isDomainCommand,
  type Malformed,
  type ProcedureCommand,
  readCommand,
  type Reply,
} from '../contract/commands.ts';
import { mayAsk } from '../contract/roles.ts';
import type { Actor } from '../domain/actor.ts';
import type { DomainCommand } from '../domain/commands.ts';
import type { Ask } from '../domain/decide/ask.ts';
import { decide } from '../domain/decide/decide.ts';
import type { OriginFact } from '../domain/ledger.ts';
import type { Decision, Refusal } from '../domain/refusal.ts';
import type { Now } from '../domain/units.ts';
import type { Book } from './book.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import type { CommandRow } from './store/ledger.ts';

/** Refusals that are no outcome: asked again, the same command may succeed (IDM-2). */
const PASSING = new Set([
  'disk-full',
  'storage-failed',
  'hub-recovering',
  'too-many-requests',
  'not-allowed',
  'needs-approval',
  'reason-required',
]);
const REMEMBERED = 10_000;
/** What the contract has these say when there is nothing to open or to close; all others say `show-not-open`. */
const WITHOUT_SHOW: Partial<Record<DomainCommand['kind'], string>> = {
  'open-show': 'no-plan',
  'close-show': 'not-open',
  'count-stock': 'not-closing',
  'reopen-show': 'not-closing',
};

export interface PerformerDoors {
  book: () => Book | null;
  ask: (id: string, actor: Actor) => Ask;
  /** durable, folded and announced when it returns; throws the database's error with nothing written */
  append: (facts: readonly OriginFact[], command: CommandRow | undefined, now: Now) => void;
  /** an append failed: say so on the desk; the sentence and code go to whoever asked */
  failed: (error: unknown) => Refusal;
  /** a sentence while the hub cannot take commands, else null */
  recovering: () => string | null;
  carryOut: (command: ProcedureCommand, actor: Actor, bodySha256: string) => Promise<Decision>;
}

/**
 * The way of every command, whichever wire it came by: read, recall, allow, decide, append, answer. A domain command is
 * decided and appended in one turn; a procedure may wait for a disk or a socket, and a repeat of its id waits with it.
 */
export class Performer {
  readonly #doors: PerformerDoors;
  /** answers kept in memory only: refusals, and replies of procedures (some hold an invitation) */
  readonly #answers = new Map<string, { bodySha256: string; reply: Reply }>();
  readonly #running = new Map<string, { bodySha256: string; reply: Promise<Reply> }>();

  constructor(doors: PerformerDoors) {
    this.#doors = doors;
  }

  async perform(actor: Actor, raw: unknown): Promise<Reply | Malformed> {
    const read = readCommand(raw, () => `auto-${randomBytes(12).toString('base64url')}`);
    if ('malformed' in read) return read.malformed;
    const { command } = read;
    const { id, ...body } = command;
    const bodySha256 = sha256(canonicalJson(body));
    const key = `${actor.key}\n${id}`;

    const known = this.#recall(actor, id, key);
    if (known) return known.bodySha256 === bodySha256 ? { ...known.reply, repeated: true } : reused(id);
    const running = this.#running.get(key);
    if (running) return running.bodySha256 === bodySha256 ? running.reply : reused(id);

    if (!mayAsk(actor.role, command.kind))
      return refused({ code: 'not-allowed', message: 'This device may not do that. Ask at the desk.' });
    if (isDomainCommand(command)) {
      // Another show can still be opened or made; only what belongs into the damaged one is refused.
      const recovering = this.#doors.recovering();
      if (recovering !== null) return refused({ code: 'hub-recovering', message: recovering });
      const reply = this.#decide(actor, command, bodySha256);
      // An accepted reply is in the command log already.
      return reply.ok ? reply : this.#remember(key, bodySha256, reply);
    }
    const reply = this.#carryOut(actor, command, bodySha256);
    this.#running.set(key, { bodySha256, reply });
    try {
      return this.#remember(key, bodySha256, await reply);
    } finally {
      this.#running.delete(key);
    }
  }

  #decide(actor: Actor, command: DomainCommand, bodySha256: string): Reply {
    const book = this.#doors.book();
    if (!book)
      return refused({
        code: WITHOUT_SHOW[command.kind] ?? 'show-not-open',
        message: 'There is no show yet. Import a plan, or start the demo.',
      });
    const ask = this.#doors.ask(command.id, actor);
    const decision = decide(book.show, command, ask);
    const facts = (decision.facts ?? []).map((fact, n): OriginFact => ({
      ...fact,
      origin: actor.key,
      originId: decision.ok ? `${command.id}#${n}` : `missed:${command.id}#${n}`,
    }));
    const reply: Reply = decision.ok
      ? { ok: true, seq: book.ledger.head.seq + facts.length, ...decision.reply }
      : refused(decision.refusal);
    try {
      const row = decision.ok
        ? { actor: actor.key, id: command.id, bodySha256, reply: JSON.stringify(reply) }
        : undefined;
      if (row || facts.length > 0) this.#doors.append(facts, row, ask.now);
    } catch (error) {
      return refused(this.#doors.failed(error));
    }
    return reply;
  }

  async #carryOut(actor: Actor, command: ProcedureCommand, bodySha256: string): Promise<Reply> {
    const decision = await this.#doors.carryOut(command, actor, bodySha256);
    return decision.ok
      ? { ok: true, seq: this.#doors.book()?.ledger.head.seq ?? 0, ...decision.reply }
      : refused(decision.refusal);
  }

  #recall(actor: Actor, id: string, key: string): { bodySha256: string; reply: Reply } | null {
    const inMemory = this.#answers.get(key);
    if (inMemory) return inMemory;
    const stored = this.#doors.book()?.ledger.recall(actor.key, id);
    return stored ? { bodySha256: stored.bodySha256, reply: JSON.parse(stored.reply) as Reply } : null;
  }

  #remember(key: string, bodySha256: string, reply: Reply): Reply {
    if (!reply.ok && PASSING.has(reply.refusal.code)) return reply;
    this.#answers.set(key, { bodySha256, reply });
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value as string);
    return reply;
  }
}

function refused(refusal: Refusal): Reply & { ok: false } {
  return { ok: false, refusal };
}

function reused(id: string): Reply {
  return refused({
    code: 'id-reused',
    message: `The id ${id} was used for another command. Make a new id for each command.`,
    field: 'id',
  });
}
