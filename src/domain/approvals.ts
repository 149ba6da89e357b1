import type { BodyOf, Entry } from './ledger.ts';
import type { Frame } from './frame.ts';
import { type HubTime, type Instant, MINUTE, type Now } from './units.ts';

/** What tills have asked of the producer: more off, another price, money back (TIL-7). */
export interface ApprovalsState {
  byId: Map<string, Approval>;
  /** asked and not answered yet, oldest first */
  open: Set<string>;
}

export interface Approval extends Omit<BodyOf<'approval.asked'>, 'approval'> {
  id: string;
  at: Instant;
  t: HubTime;
  answer: { approved: boolean; t: HubTime; by: string } | null;
  /** it serves once */
  used: boolean;
}

/** A yes is good for so long, and a question waits no longer either. */
export const APPROVAL_LIFE = 10 * MINUTE;

export function initialApprovals(): ApprovalsState {
  return { byId: new Map(), open: new Set() };
}

/** The producer's yes, when this till has one that holds at that hub time. */
export function granted(
  approvals: ApprovalsState,
  asked: { approval: string | undefined; till: string | null; what: Approval['what'][] },
  { t }: Pick<Now, 't'>,
): Approval | null {
  const approval = asked.approval === undefined ? undefined : approvals.byId.get(asked.approval);
  if (!approval || approval.used || approval.till !== asked.till || !asked.what.includes(approval.what)) return null;
  const { answer } = approval;
  return answer?.approved === true && t - answer.t <= APPROVAL_LIFE ? approval : null;
}

/** Questions that wait for the producer. */
export function openApprovals(approvals: ApprovalsState, now: Now): Approval[] {
  return [...approvals.open].flatMap((id) => {
    const approval = approvals.byId.get(id);
    return approval && now.t - approval.t <= APPROVAL_LIFE ? [approval] : [];
  });
}

export function evolveApprovals(approvals: ApprovalsState, entry: Entry, frame: Frame): void {
  switch (entry.kind) {
    case 'approval.asked': {
      const { approval: id, ...asked } = entry.body;
      approvals.byId.set(id, { ...asked, id, at: entry.at, t: frame.t, answer: null, used: false });
      approvals.open.add(id);
      break;
    }
    case 'approval.answered': {
      const { approval: id, approved, by } = entry.body;
      const approval = approvals.byId.get(id);
      if (approval) approval.answer = { approved, t: frame.t, by };
      approvals.open.delete(id);
      break;
    }
    case 'sale.recorded':
      use(approvals, entry.body.extra?.approval);
      break;
    case 'sale.refunded':
      use(approvals, entry.body.approval);
      break;
  }
}

function use(approvals: ApprovalsState, id: string | undefined): void {
  const approval = id === undefined ? undefined : approvals.byId.get(id);
  if (approval) approval.used = true;
}
