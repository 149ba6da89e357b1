import type { FailoverView } from '../../../contract/failover-state.ts';
import type { FailoverAction } from '../../../domain/words.ts';
import { t } from '../../lib/i18n/desk.ts';

/** What failover wants to hear from a person now, or is doing; one thing at a time, the most pressing. Pure. */
export type Decision =
  | { kind: 'proposal'; action: string; what: FailoverAction; text: string; why: string; isCounting: boolean }
  | { kind: 'running'; action: string; text: string; step: string }
  | { kind: 'locked'; text: string; why: string }
  | { kind: 'counting'; text: string };

export function decisionOf(failover: FailoverView, now: number): Decision | null {
  const { pending, running, counting, lockedWhy, mode } = failover;
  if (running) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(running.since)) / 1000));
    const text = t('failover.running', { what: t(`deed.${running.what}`), n: seconds });
    return { kind: 'running', action: running.action, text, step: running.step };
  }
  if (pending) {
    const { action, what, why, actsAt } = pending;
    const text =
      actsAt === null ? t(`failover.ask.${what}`) : t(`failover.soon.${what}`, { n: secondsTo(actsAt, now) });
    return { kind: 'proposal', action, what, text, why, isCounting: actsAt !== null };
  }
  if (lockedWhy !== null) return { kind: 'locked', text: t('failover.isLocked'), why: lockedWhy };
  if (!counting) return null;
  const n = secondsTo(counting.dueAt, now);
  return { kind: 'counting', text: t(`failover.counting.${mode}`, { what: t(`deed.${counting.what}`), n }) };
}

/** In `observe` nothing is asked and nothing counted down to: the live page stays as it is. */
export function isWorthShowing(failover: FailoverView, decision: Decision | null): boolean {
  return failover.mode !== 'observe' || (decision !== null && decision.kind !== 'counting');
}

/** Whole seconds until a moment, the ceiling, as a countdown is read; never below nothing. */
export function secondsTo(at: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
}

/** The four things a person may do, in this order; one button is there for both ways of slate and ingest. */
export interface Act {
  id: 'slate' | 'ingest' | 'retry' | 'record';
  command: FailoverAction;
  label: string;
  isReady: boolean;
  /** why not; or what to know before pressing it */
  why: string | null;
  to: 'primary' | 'backup' | null;
}

export function actsOf(failover: FailoverView, now: number): Act[] {
  const { can, ingest, slateOn, retryAt } = failover;
  const to = ingest === 'backup' ? 'primary' : 'backup';
  const slate = slateOn ? 'clear-slate' : 'show-slate';
  const act = (id: Act['id'], command: FailoverAction, label: string, way: Act['to'] = null): Act => {
    return { id, command, label, isReady: can[command].ready, why: can[command].why, to: way };
  };
  return [
    act('slate', slate, t(`failover.do.${slate}`)),
    act('ingest', 'switch-ingest', t(`alarm.do.switch.${to}`), to),
    act(
      'retry',
      'retry-ingest',
      retryAt === null ? t('alarm.do.retry') : t('failover.do.retryIn', { n: secondsTo(retryAt, now) }),
    ),
    act('record', 'start-recording', t('alarm.do.record')),
  ];
}
