import { type PlanFile, planToFile, readPlan } from '../../contract/plan-file.ts';
import { microEventChecklist } from '../../contract/show-template.ts';
import { planForward } from '../../domain/plan-forward.ts';
import type { Plan } from '../../domain/plan.ts';
import { accept, type Decision, refuse } from '../../domain/refusal.ts';
import { keyless } from './keyless-plan.ts';
import type { Procedure } from './hall.ts';
import type { Hall } from './hall.ts';

/** With no show, or a closed one, a plan makes a new show; a planned one takes it in place of the former. */
export const adoptPlan: Procedure<'adopt-plan'> = (command, actor, hall) =>
  adopt(command.id, actor.key, actor.by, command.plan, hall, false);

export const newShow: Procedure<'new-show'> = (command, actor, hall) => {
  const phase = hall.book()?.show.phase;
  if (phase === 'live' || phase === 'closing')
    return refuse('show-is-live', 'A show is running. Close it before you make a new one.');
  const file = command.plan ?? emptyPlan(command.name ?? 'New show', command.template);
  return adopt(command.id, actor.key, actor.by, file, hall, true);
};

/** The next show of the series, made from the plan of the one on the desk. Reply: `show`, `startsAt`. */
export const copyShow: Procedure<'copy-show'> = (command, actor, hall) => {
  const { plan, phase } = hall.book()?.show ?? {};
  if (!plan) return refuse('no-plan', 'There is no plan on the desk that could be copied.');
  if (phase === 'live' || phase === 'closing')
    return refuse('show-is-live', 'A show is running. Close it before you make the next one.');
  const startsAt = command.startsAt === undefined ? null : Date.parse(command.startsAt);
  const next = planForward(plan, { startsAt, now: hall.now().at });
  if (command.name !== undefined) next.show.name = command.name;
  const made = adopt(command.id, actor.key, actor.by, planToFile(next), hall, true);
  return made.ok ? accept([], { ...made.reply, startsAt: next.show.startsAt }) : made;
};

export const loadShow: Procedure<'load-show'> = async (command, _actor, hall) => {
  const phase = hall.book()?.show.phase;
  if (phase === 'live' || phase === 'closing')
    return refuse('show-is-live', 'A show is running. Close it before you open another one.');
  if (!hall.shows.find(command.show))
    return refuse('unknown-show', 'This show is not in the data folder any more.', { field: 'show' });
  await hall.loadShow(command.show);
  return accept([], { show: command.show });
};

export const startDemo: Procedure<'start-demo'> = async (_command, _actor, hall) => {
  const phase = hall.book()?.show.phase;
  if ((phase === 'live' || phase === 'closing') && !hall.book()?.show.demo)
    return refuse('show-is-live', 'A real show is running. The demo waits until it is closed.');
  await hall.startDemo();
  return accept([], { show: hall.book()?.id ?? null });
};

export const stopDemo: Procedure<'stop-demo'> = async (_command, _actor, hall) => {
  await hall.stopDemo();
  return accept([]);
};

function adopt(id: string, origin: string, by: string, file: unknown, hall: Hall, asNew: boolean): Decision {
  const read = readPlan(file);
  if ('faults' in read) {
    const { faults } = read;
    return refuse(
      'plan-invalid',
      `The plan has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults[0]?.path}: ${faults[0]?.message}.`,
      { faults },
    );
  }
  const book = hall.book();
  if (book && (book.show.phase === 'live' || book.show.phase === 'closing')) {
    return refuse(
      'show-is-live',
      'The show is running: its plan cannot be replaced. Change cues and stock one by one.',
    );
  }
  const into = !asNew && book?.show.phase === 'planned' && !book.show.demo ? book : hall.makeShow(read.plan, false);
  const { plan, warnings } = keyless(read, (name) => hall.secrets.read(name));
  hall.append([{ origin, originId: `${id}#0`, ...adopted(plan, warnings, by) }], { show: into.id, warnings });
  hall.guests.keep(read.signups, 'plan');
  hall.rewire();
  return accept([], { show: into.id, warnings });
}

/** The fact that a plan now holds; the demo and `--plan` write it too. */
export function adopted(plan: Plan, warnings: string[], by: string, demo = false) {
  return { kind: 'plan.adopted', body: { plan, warnings, demo, by } } as const;
}

function emptyPlan(name: string, template: 'micro-event' | undefined): PlanFile {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const checklist = template === undefined ? [] : microEventChecklist();
  return { format: 'dropdesk-plan', version: 1, show: { name, timeZone, currency: 'EUR' }, checklist };
}
