import { judge, observe } from '../../src/domain/health.ts';
import { type IncidentBook, keepIncidents } from '../../src/domain/health/incidents.ts';
import { type Health, initialHealth } from '../../src/domain/health/state.ts';
import { streamDice } from './stream-dice.ts';
import { FAULTS, type FaultKind } from './stream-faults.ts';
import { rigFrom } from './stream-rig.ts';
import type { FalseAlarm, Finding, JudgeUnderTest } from './stream-score.ts';
import type { ShowScript } from './stream-show.ts';

/** The judge of the hub, as it stands in src/domain, with a book of incidents for each show. */
export function realJudge(): JudgeUnderTest<Health> {
  const book: IncidentBook = new Map();
  return { initialHealth, observe, judge, ended: (health) => keepIncidents(book, health) };
}

/** A show without faults on a rig of its own. */
export function calmShow(seed: number, calmMs: number): ShowScript {
  return { seed, rig: rigFrom(streamDice(seed * 7919)), faults: [], calmMs, disturbed: true };
}

/** Deals faults to shows so that every kind gets its turn as often as the rigs allow. */
export class FaultDealer {
  readonly #dealt = new Map<string, number>();

  show(seed: number, faults: number): ShowScript {
    const dice = streamDice(seed * 7919);
    const rig = rigFrom(dice);
    const fitting = FAULTS.filter(
      ({ fits, layer }) => (fits === undefined || fits(rig)) && !(layer === 'source' && rig.renderLost > 0),
    );
    const chosen = Array.from({ length: faults }, () => {
      const least = Math.min(...fitting.map((fault) => this.#times(fault)));
      const rarest = fitting.filter((fault) => this.#times(fault) === least);
      const fault = rarest[dice.whole(0, rarest.length - 1)];
      if (fault !== undefined) this.#dealt.set(fault.kind, least + 1);
      return fault;
    });
    return { seed, rig, faults: chosen.filter((fault) => fault !== undefined), calmMs: 0, disturbed: true };
  }

  #times({ kind }: FaultKind): number {
    return this.#dealt.get(kind) ?? 0;
  }
}

/** One line a kind: how many, missed, late, wrong cause, and how fast (half and 95 % of them, ms after onset). */
export function tableOf(findings: readonly Finding[]): string {
  const head = ['kind', 'n', 'missed', 'late', 'wrong cause', 'warn p50', 'p95', 'critical p50', 'p95'];
  const rows = FAULTS.flatMap(({ kind }) => {
    const own = findings.filter((finding) => finding.kind === kind);
    if (own.length === 0) return [];
    const count = (is: (finding: Finding) => boolean): string => String(own.filter(is).length);
    const times = (of: (finding: Finding) => number | null): string[] => {
      const known = own.map(of).filter((ms) => ms !== null);
      return [percentile(known, 0.5), percentile(known, 0.95)];
    };
    return [
      [
        kind,
        String(own.length),
        count(({ missed }) => missed),
        count(({ late }) => late),
        count(({ wrongCause }) => wrongCause),
        ...times(({ warnMs }) => warnMs),
        ...times(({ criticalMs }) => criticalMs),
      ],
    ];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [head, ...rows].map(line).join('\n');
}

function percentile(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return String(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? '-');
}

/** What a person needs to play it again. */
export function wordsOf(finding: Finding): string {
  const { seed, kind, warnMs, criticalMs, cause } = finding;
  return `seed ${seed} ${kind}: warn ${warnMs} ms, critical ${criticalMs} ms, cause ${cause}`;
}

export function wordsOfAlarm({ seed, ms, layer, rank, cause, after }: FalseAlarm): string {
  return `seed ${seed} at ${ms} ms: ${layer} ${rank === 2 ? 'critical' : 'warn'} ${cause}, last fault ${after}`;
}
