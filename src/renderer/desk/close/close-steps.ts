import type { DeskState } from '../../../contract/desk-state.ts';

export type CloseStep = 'stop' | 'count' | 'review' | 'write' | 'done';
export const CLOSE_STEPS = [
  { id: 'stop', label: 'closing.stop' },
  { id: 'count', label: 'closing.count' },
  { id: 'review', label: 'closing.review' },
  { id: 'write', label: 'closing.write' },
  { id: 'done', label: 'closing.doneStep' },
] as const satisfies { id: CloseStep; label: string }[];

/** Where the close stands: draining, counting, ready to be written, written. */
export function currentStep({ show, close }: DeskState): CloseStep {
  if (show?.phase === 'closed') return 'done';
  if (close?.progress) return 'write';
  switch (close?.state) {
    case 'counting':
      return 'count';
    case 'reconciled':
      return 'review';
    default:
      return 'stop';
  }
}

export function isStepDone(state: DeskState, step: CloseStep): boolean {
  const { show, close } = state;
  if (show?.phase === 'closed') return true;
  const order = { closing: 0, counting: 1, reconciled: 2, closed: 4 } as const;
  const reached = close ? order[close.state] : 0;
  return step === 'stop' ? reached >= 1 : step === 'count' && reached >= 2;
}
