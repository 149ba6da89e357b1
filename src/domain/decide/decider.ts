import type { CommandOf, DomainCommandKind } from '../commands.ts';
import type { Decision } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Ask } from './ask.ts';

/** `decide(state, command, now) → facts | refusal`, one for each command. Reads the show, never touches it. */
export type Decider<K extends DomainCommandKind> = (show: ShowState, command: CommandOf<K>, ask: Ask) => Decision;
