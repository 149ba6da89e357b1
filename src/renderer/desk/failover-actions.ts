import type { Desk } from './desk.svelte.ts';

/** A yes or no to failover by key or by name; a refusal is said where failover stands. */
export function confirmProposal(desk: Desk): unknown {
  const { pending } = desk.state.failover;
  return pending && desk.failoverPress.send('confirm-action', { action: pending.action });
}

/** A no to what is proposed or counted down to, or a stop to what runs, where it still can be stopped. */
export function declineProposal(desk: Desk): unknown {
  const { pending, running } = desk.state.failover;
  const action = (pending ?? running)?.action;
  return action === undefined ? null : desk.failoverTools.send('cancel-action', { action });
}
