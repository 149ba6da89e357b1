import { noticeOf } from '../../domain/failover/machine.ts';
import { isMeantToBeOnAir } from '../../domain/failover/course.ts';
import type { FailoverMachine, Look, Move } from '../../domain/failover/machine-state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { FAILOVER_ACTIONS, type FailoverAction, type IngestLabel } from '../../domain/words.ts';
import type { FailoverView } from '../../contract/failover-state.ts';
import type { IngestSwitch } from './ingest-switch.ts';

/** What a person may ask for, in any mode (STR-75). */
export type Ask =
  | { what: 'show-slate' | 'clear-slate' | 'retry-ingest' | 'start-recording' }
  | { what: 'switch-ingest'; to: IngestLabel };

/** All that decides whether something can be done now. `look` is null while nothing is watched. */
export interface Standing {
  machine: FailoverMachine;
  look: Look | null;
  isObsUp: boolean;
  ingests: IngestSwitch | null;
  /** the scene behind the slate as the ledger remembers it */
  remembered: string | null;
}

type Planned = { move: Move } | { refusal: Refusal };

/** What an ask comes to: which scene or ingest from and to, or why it cannot be. */
export function planned(ask: Ask, standing: Standing): Planned {
  const { machine, isObsUp, look } = standing;
  if (standing.ingests === null) return no('obs-away', 'No OBS is planned. Name it in the plan’s stream first.');
  if (!isObsUp || look === null) return no('obs-away', 'OBS is not connected. Start OBS, then try again.');
  if (machine.running !== null)
    return no('busy', 'Another action is under way. Wait until it has ended, or cancel it.');
  switch (ask.what) {
    case 'show-slate':
      return toSlate(look);
    case 'clear-slate':
      return fromSlate(look, standing);
    case 'switch-ingest':
      return toIngest(ask.to, look, standing);
    case 'retry-ingest':
      return again(look, standing);
    case 'start-recording':
      return look.recording.active === true
        ? no('already-recording', 'OBS is recording already.')
        : { move: { what: ask.what, from: null, to: null } };
    default:
      ask satisfies never;
      throw new Error('unknown ask');
  }
}

function toSlate(look: Look): Planned {
  const { slateScene, sight } = look;
  if (slateScene === null) return no('no-slate', 'The plan names no slate scene. Choose one in the set-up.');
  if (!isListed(look, slateScene)) return missing(slateScene);
  if (sight.scene === slateScene) return no('no-slate', 'The slate is on the air already.');
  return { move: { what: 'show-slate', from: sight.scene, to: slateScene } };
}

function fromSlate(look: Look, { machine, remembered }: Standing): Planned {
  const { slateScene, sight } = look;
  if (slateScene === null || sight.scene !== slateScene) return no('no-slate', 'The slate is not on the air.');
  const to = machine.hidden?.scene ?? remembered ?? look.liveScene;
  if (to === null)
    return no(
      'scene-missing',
      'Nobody knows what was on the air before. Name a live scene in the plan, or choose one in OBS.',
    );
  if (!isListed(look, to)) return missing(to);
  return { move: { what: 'clear-slate', from: slateScene, to } };
}

function toIngest(to: IngestLabel, look: Look, { machine, ingests }: Standing): Planned {
  const why = ingests === null ? 'The plan names neither OBS nor a relay to switch with.' : ingests.ready(to);
  if (why !== null) return no('no-backup', why);
  const isOn = isMeantToBeOnAir(machine, look);
  if (look.ingest === to && !machine.leftOff)
    return no('already-there', `The stream goes to the ${to} ingest already.`);
  // STR-83. Going back is a person's explicit wish (STR-82): the connection that is cut is the backup's.
  if (isOn && to === 'backup' && isFlowingDirectly(look))
    return no(
      'stream-is-fine',
      'The streaming server still gets the stream. A switch would interrupt it for every viewer.',
    );
  return { move: { what: 'switch-ingest', from: look.ingest ?? 'primary', to } };
}

function again(look: Look, { machine, ingests }: Standing): Planned {
  if (ingests === null) return no('not-on-air', 'The plan names neither OBS nor a relay to send with.');
  if (!isMeantToBeOnAir(machine, look)) return no('not-on-air', 'The stream is not on the air. Start it in OBS.');
  const { sight } = look;
  const isFine = isFlowingDirectly(look) || (sight.transport === 0 && sight.flowing && !machine.leftOff);
  if (isFine) return no('stream-is-fine', 'The streaming server gets the stream. There is nothing to retry.');
  const from = look.ingest ?? 'primary';
  return { move: { what: 'retry-ingest', from, to: from } };
}

function isFlowingDirectly({ tier, sight }: Look): boolean {
  return tier === 'direct' && sight.ingestGrows;
}

/** STR-80: byte for byte, and a refusal in place of the nearest one. */
function isListed({ scenes }: Look, scene: string): boolean {
  return scenes?.includes(scene) ?? false;
}

function missing(scene: string): Planned {
  return no('scene-missing', `OBS has no scene named exactly “${scene}”. Rename it in OBS, or correct the plan.`);
}

function no(code: string, message: string): Planned {
  return { refusal: { code, message } };
}

/** The buttons of the desk: what can be asked for now, and why not. */
export function abilities(standing: Standing): FailoverView['can'] {
  const notice = standing.look === null ? null : noticeOf(standing.look);
  const of = (what: FailoverAction): { ready: boolean; why: string | null } => {
    const to = standing.look?.ingest === 'backup' ? 'primary' : 'backup';
    const plan = planned(what === 'switch-ingest' ? { what, to } : { what }, standing);
    if ('refusal' in plan) return { ready: false, why: plan.refusal.message };
    return { ready: true, why: what === 'show-slate' ? notice : null };
  };
  return Object.fromEntries(FAILOVER_ACTIONS.map((what) => [what, of(what)])) as FailoverView['can'];
}

/** STR-77. @returns null when it may be armed */
export function armRefusal(
  mode: FailoverMachine['mode'],
  { look, ingests }: Standing,
  phase: 'planned' | 'live' | 'over' | null,
): Refusal | null {
  if (mode === 'observe') return null;
  if (mode === 'auto' && phase !== 'live')
    return { code: 'show-not-open', message: 'The show is not open. Open it first; until then choose confirm.' };
  const slate = look?.slateScene ?? null;
  const hasBackup = ingests?.ready('backup') === null;
  if (slate === null && !hasBackup)
    return { code: 'no-backup', message: 'The plan names neither a backup ingest nor a slate scene. Add one of them.' };
  const wanted = [slate, look?.liveScene ?? null].filter((scene) => scene !== null);
  const lost = look === null ? null : (wanted.find((scene) => !isListed(look, scene)) ?? null);
  if (lost === null) return null;
  const why =
    look?.scenes === null
      ? 'OBS has not told its scenes. Start OBS, then arm again.'
      : `OBS has no scene named exactly “${lost}”. Rename it in OBS, or correct the plan.`;
  return { code: 'scene-missing', message: why, scene: lost };
}
