import type { DomainCommand } from '../commands.ts';
import type { Fact } from '../ledger.ts';
import type { Decision } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import type { Ask } from './ask.ts';
import { refOfPerson } from './gate.ts';

/** Puts the buyer's hash to demand that could not be met, where the command names one: a known person counts once (R21). */
export function namedDemand(
  show: ShowState,
  decision: Decision,
  command: DomainCommand,
  ask: Pick<Ask, 'refOf'>,
): Decision {
  if (decision.ok || !decision.facts?.some(({ kind }) => kind === 'demand.missed')) return decision;
  const buyer = buyerOf(command);
  if (buyer === undefined) return decision;
  const personRef = refOfPerson(show, buyer, ask);
  const facts = decision.facts.map((fact): Fact =>
    fact.kind === 'demand.missed' ? { kind: fact.kind, body: { ...fact.body, personRef } } : fact,
  );
  return { ...decision, facts };
}

function buyerOf(command: DomainCommand): string | undefined {
  switch (command.kind) {
    case 'record-sale':
      return command.signup;
    case 'place-hold':
      return command.buyer;
    case 'redeem-perk':
      return command.ref ?? command.signup;
    default:
      return undefined;
  }
}
