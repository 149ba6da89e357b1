import {
  closeBlockers,
  type CloseBlocker,
  closeStep,
  countOf,
  countState,
  EXPLANATIONS,
  isFar,
  NOTHING_UNDELIVERED,
  type Undelivered,
} from '../close-blockers.ts';
import { hubTime } from '../clock.ts';
import { hasLateFacts, nextVersion } from '../closing.ts';
import { runningRun } from '../cues.ts';
import type { Fact } from '../ledger.ts';
import { accept, type Decision, refuse } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { cell, goods } from '../stock.ts';
import { MINUTE } from '../units.ts';
import type { Ask } from './ask.ts';
import type { Decider } from './decider.ts';
import { leasesBack } from './lease.ts';

const REOPEN_MS = 10 * MINUTE;

/** CLO-1, CLO-3: stops selling; sent again while closing, with a reason, it passes what may be passed. */
export const closeShow: Decider<'close-show'> = (show, command, ask) => {
  const undelivered = ask.undelivered ?? NOTHING_UNDELIVERED;
  if (show.phase === 'live') return stopSelling(show, undelivered, ask);
  if (show.phase !== 'closing') return refuse('not-open', `The show is ${show.phase}, there is nothing to close.`);
  const blockers = closeBlockers(show, undelivered);
  const step = closeStep(blockers);
  const soft = blockers.filter(({ state, hard }) => state === step && !hard);
  const hard = blockers.filter((blocker) => blocker.hard);
  if (hard.length > 0) return blocked(hard);
  if (command.overrideReason === undefined) {
    return soft.length > 0 ? blocked(blockers) : accept([], { state: step, blockers });
  }
  if (soft.length === 0) return accept([], { state: step, blockers });
  const left = blockers.filter((blocker) => !soft.includes(blocker));
  return accept([overridden(soft, command.overrideReason, ask)], { state: closeStep(left), blockers: left });
};

function stopSelling(show: ShowState, undelivered: Undelivered, ask: Ask): Decision {
  const { by } = ask.actor;
  const facts: Fact[] = [];
  const run = runningRun(show.cues);
  if (run) facts.push({ kind: 'cue.finished', body: { cue: run.cue, run: run.id, why: 'close', by } });
  for (const [offer, { open }] of show.offers.byId)
    if (open) facts.push({ kind: 'offer.closed', body: { offer, why: 'close', by } });
  for (const hold of show.stock.holds.values()) {
    if (hold.state !== 'paying') facts.push({ kind: 'hold.released', body: { holdId: hold.holdId, why: 'close', by } });
  }
  facts.push({ kind: 'show.closing', body: { by } });
  const closing: ShowState = { ...show, phase: 'closing', close: { ...show.close, since: ask.seq, passed: new Set() } };
  const blockers = closeBlockers(closing, undelivered);
  const hard = blockers.filter((blocker) => blocker.hard);
  if (hard.length > 0) return blocked(hard);
  return accept(facts, { state: closeStep(blockers), blockers });
}

/** Blind: the reply is the first to name what was expected (CLS-3). */
export const countStock: Decider<'count-stock'> = (show, command, ask) => {
  if (show.phase !== 'closing') return refuse('not-closing', 'Stock is counted once the show is closing.');
  const { sku, counted } = command;
  if (!show.stock.cells.has(sku)) return unknownSku(sku);
  const expected = goods(show.stock, sku).physical;
  const variance = counted - expected;
  const pass = countState(show, sku) === 'second' ? 2 : 1;
  const fact: Fact = {
    kind: 'stock.counted',
    body: { sku, counted, expected, variance, pass, by: command.by ?? ask.actor.by },
  };
  return accept([fact], { expected, variance, pass, secondCount: pass === 1 && isFar({ variance, expected }) });
};

/** CLS-4: says why the shelf and the ledger differ, and sets the ledger right. */
export const adjustStock: Decider<'adjust-stock'> = (show, command, ask) => {
  const { sku, delta, reason, note } = command;
  const pool = command.pool ?? 'reserve';
  if (!show.stock.cells.has(sku)) return unknownSku(sku);
  if (!countOf(show, sku))
    return refuse('not-counted', `Count ${sku} first; an adjustment explains a count.`, { sku, field: 'sku' });
  if (delta === 0) return refuse('bad-value', 'An adjustment of 0 explains nothing.', { field: 'delta' });
  if (!EXPLANATIONS.some((one) => one === reason))
    return refuse('bad-value', `The reason must be one of ${EXPLANATIONS.join(', ')}.`, { field: 'reason' });
  const { physical, held, committed } = cell(show.stock, sku, pool);
  const free = physical - held - committed;
  if (free + delta < 0)
    return refuse('not-enough', `Only ${free} of ${sku} are free in ${pool}.`, {
      sku,
      pool,
      available: free,
      field: 'delta',
    });
  return accept(
    [{ kind: 'stock.adjusted', body: { sku, pool, delta, reason, note: note ?? null, by: ask.actor.by } }],
    { available: free + delta },
  );
};

/** CLO-9. From closing at any time, from closed for ten minutes; what was written stays. */
export const reopenShow: Decider<'reopen-show'> = (show, command, ask) => {
  if (show.phase !== 'closing' && show.phase !== 'closed')
    return refuse('not-closing', `The show is ${show.phase}, there is nothing to reopen.`);
  const closed = show.close.written.at(-1);
  if (show.phase === 'closed' && closed && hubTime(show.clock, ask.now) - closed.t > REOPEN_MS) {
    return refuse('too-late', 'A closed show can be reopened for 10 minutes only.');
  }
  return accept([{ kind: 'show.reopened', body: { reason: command.reason, by: ask.actor.by } }]);
};

/**
 * What `finish-close` may write before the files are made (CLO-5, CLO-7): the override, that the show is reconciled,
 * and the pin. Files are computed from entries up to the pin itself, so that they print the override too.
 *
 * Of a closed show the same, once something has come late: what was written stays, and the next version is beside it
 * (CLS-5).
 *
 * @returns reply `{ version, ledgerSeq }`, or refusal `not-closing` or `blocked` (with `blockers`)
 */
export function planFinish(show: ShowState, override: string | undefined, ask: Ask): Decision {
  if (show.phase === 'closed' && hasLateFacts(show.close)) return pinned(show, [], ask);
  if (show.phase === 'closed')
    return refuse('not-closing', 'The show is closed, and nothing has come since its files were written.');
  if (show.phase !== 'closing') return refuse('not-closing', `The show is ${show.phase}; close it first.`);
  const blockers = closeBlockers(show, ask.undelivered ?? NOTHING_UNDELIVERED);
  const hard = blockers.filter((blocker) => blocker.hard);
  if (hard.length > 0) return blocked(hard);
  if (blockers.length > 0 && override === undefined) return blocked(blockers);
  const { by } = ask.actor;
  const facts: Fact[] = [];
  if (blockers.length > 0 && override !== undefined) facts.push(overridden(blockers, override, ask));
  for (const hold of show.stock.holds.values())
    facts.push({ kind: 'hold.released', body: { holdId: hold.holdId, why: 'close', by } });
  facts.push(...leasesBack(show, by));
  facts.push({ kind: 'close.reconciled', body: { by } });
  return pinned(show, facts, ask);
}

function pinned(show: ShowState, facts: Fact[], ask: Ask): Decision {
  const version = nextVersion(show.close);
  const ledgerSeq = ask.seq + facts.length;
  facts.push({ kind: 'close.pinned', body: { version, ledgerSeq } });
  return accept(facts, { version, ledgerSeq });
}

function overridden(blockers: readonly CloseBlocker[], reason: string, ask: Ask): Fact {
  return { kind: 'close.overridden', body: { codes: blockers.map(({ code }) => code), reason, by: ask.actor.by } };
}

function blocked(blockers: readonly CloseBlocker[]): Decision {
  return refuse('blocked', blockers.map(({ message }) => message).join(' '), { blockers });
}

function unknownSku(sku: string): Decision {
  return refuse('unknown-sku', `No product has the sku ${sku}.`, { sku, field: 'sku' });
}
