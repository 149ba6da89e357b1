import { accept, refuse } from '../../domain/refusal.ts';
import type { Procedure } from './hall.ts';

export const inviteDevice: Procedure<'invite-device'> = (command, _actor, hall) => hall.gateway.invite(command);
export const approveDevice: Procedure<'approve-device'> = (command, _actor, hall) =>
  hall.gateway.approve(command.device, command.code ?? null);
export const revokeDevice: Procedure<'revoke-device'> = (command, _actor, hall) => hall.gateway.revoke(command.device);

export const readCue: Procedure<'read-cue'> = (command, actor, hall) => {
  if (actor.device === null) return refuse('not-allowed', 'The desk sees every cue already.');
  const content = hall.gateway.readCue(actor.device, command.cue);
  return content ? accept([], { content }) : refuse('unknown-cue', 'This cue is not yours to read.', { field: 'cue' });
};
