import type { Actor } from '../domain/actor.ts';
import type { CommandKind } from './commands.ts';

/**
 * Who may ask what (contract §6, trust ROL-1): denied unless named here. Checked in the hub for every message; whose cue
 * or sale it is, the deciders check. Commands of later releases join their row when they are built.
 */
const FLOOR: Record<'co-host' | 'till' | 'viewer', ReadonlySet<CommandKind>> = {
  'co-host': new Set<CommandKind>(['answer-cue', 'request-help', 'mark-moment', 'tick-point', 'read-cue']),
  till: new Set<CommandKind>([
    'record-sale',
    'place-hold',
    'extend-hold',
    'release-hold',
    'void-sale',
    'refund-sale',
    'return-lease',
    'hand-over-pickup',
    'read-pickup',
    'open-drawer',
    'pay-in',
    'pay-out',
    'count-drawer',
    'request-approval',
    'attach-buyer',
    'answer-cue',
    'request-help',
  ]),
  viewer: new Set<CommandKind>(),
};

/** The desk may ask everything, a device what its row says, a timer or an outside source nothing: they bring facts. */
export function mayAsk(role: Actor['role'], kind: CommandKind): boolean {
  if (role === 'desk') return true;
  return (role === 'co-host' || role === 'till' || role === 'viewer') && FLOOR[role].has(kind);
}
