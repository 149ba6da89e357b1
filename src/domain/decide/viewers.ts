import { accept } from '../refusal.ts';
import { toIso } from '../units.ts';
import type { Decider } from './decider.ts';

/** How many watched, as a person, a script or a platform's page has told; also afterwards, with its own time. */
export const noteViewers: Decider<'note-viewers'> = (_show, command, ask) => {
  const { count, at, source } = command;
  return accept([
    {
      kind: 'viewers.noted',
      body: { count, at: at ?? toIso(ask.now.at), source: source ?? 'api', by: ask.actor.by },
    },
  ]);
};
