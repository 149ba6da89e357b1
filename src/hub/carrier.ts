import type { ProcedureCommand } from '../contract/commands.ts';
import type { Actor } from '../domain/actor.ts';
import type { Decision, Refusal } from '../domain/refusal.ts';
import type { Hall } from './procedures/hall.ts';
import { carryOut } from './procedures/procedures.ts';
import type { Stage } from './stage.ts';
import { sqliteCode } from './store/database.ts';

export type Carry = (command: ProcedureCommand, actor: Actor, bodySha256: string) => Promise<Decision>;

/**
 * Carries out what touches a disk, a socket or a secret, with the hall lent to it. Facts that come of it are committed
 * together with the command's own answer; a disk that fails is a refusal, everything else a failure.
 */
export function carrier(doors: { hall: () => Hall; stage: Stage; failed: (error: unknown) => Refusal }): Carry {
  return async (command, actor, bodySha256) => {
    const { stage } = doors;
    const row = (reply: Record<string, unknown>) => ({
      actor: actor.key,
      id: command.id,
      bodySha256,
      reply: JSON.stringify({ ok: true, seq: (stage.book?.ledger.head.seq ?? 0) + 1, ...reply }),
    });
    const hall: Hall = { ...doors.hall(), append: (facts, reply) => stage.append(facts, reply && row(reply)) };
    try {
      return await carryOut(command, actor, hall);
    } catch (error) {
      if (sqliteCode(error) === null) throw new Error(`carry out ${command.kind}`, { cause: error });
      return { ok: false, refusal: doors.failed(error) };
    }
  };
}
