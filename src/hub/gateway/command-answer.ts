import type { Malformed, Reply } from '../../contract/commands.ts';
import type { Actor } from '../../domain/actor.ts';
import { reasonOf } from '../log.ts';
import type { GatewayDoors } from './doors.ts';
import { jsonFault } from './read-body.ts';

/**
 * One command from a wire to its answer. A failure ends here: it is logged, whoever asked hears that it is not done, and
 * the same id may be sent again.
 */
export async function performed(
  { perform, log }: Pick<GatewayDoors, 'perform' | 'log'>,
  actor: Actor,
  raw: unknown,
): Promise<Reply | Malformed> {
  const fault = jsonFault(raw);
  if (fault) return { error: 'malformed', ...fault };
  try {
    return await perform(actor, raw);
  } catch (error) {
    log({ level: 'error', kind: 'command-failed', actor: actor.key, reason: reasonOf(error) });
    return {
      ok: false,
      refusal: { code: 'failed', message: 'Dropdesk could not do this. The log says why; try again.' },
    };
  }
}

/** The same for a socket: nobody waits when the client sent no acknowledgement. */
export async function answerCommand(
  doors: Pick<GatewayDoors, 'perform' | 'log'>,
  actor: Actor,
  raw: unknown,
  ack: unknown,
): Promise<void> {
  const reply = await performed(doors, actor, raw);
  if (typeof ack === 'function') ack(reply);
}
