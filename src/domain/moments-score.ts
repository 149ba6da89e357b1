import type { Draft } from './moments-draft.ts';
import { clockText } from './local-time.ts';
import type { MomentInput } from './moments-input.ts';
import type { SalesModel, SaleUnit } from './moments-model.ts';
import type { Minor } from './units.ts';

/** What a score of 0 to 100 is made of; the terms add up to it (MOM-12). */
export interface Terms {
  lift: number;
  share: number;
  significance: number;
  marks: number;
  stockOut: number;
  viewers: number;
}

/** Sales that came after the moment and fit it. */
export interface Attributed {
  sales: number;
  units: number;
  netMinor: Minor;
  byChannel: Record<string, number>;
}

export function scoreMoments(drafts: readonly Draft[], model: SalesModel): { score: number; terms: Terms }[] {
  const excess = drafts.map(({ find }) => (find ? find.units.length - find.expected : 0));
  return drafts.map((draft, index) => {
    const { find, marks, stockOut } = draft;
    const people = new Set(marks.map(({ press }) => press.by)).size;
    const noMore = excess.filter((other) => other <= (excess[index] ?? 0)).length / drafts.length;
    const terms: Terms = {
      lift: find ? 30 * Math.min(1, Math.max(0, Math.log2(find.units.length / find.expected)) / 3) : 0,
      share: 25 * noMore,
      significance: find ? 15 * Math.min(1, -Math.log10(Math.max(find.p, 1e-300)) / 6) : 0,
      marks: 15 * (people === 0 ? 0 : people === 1 ? 0.6 : 1),
      stockOut: stockOut ? 10 : 0,
      viewers: 5 * Math.min(1, viewerRise(draft, model) / 0.5),
    };
    for (const key of Object.keys(terms) as (keyof Terms)[]) terms[key] = hundredths(terms[key]);
    const { lift, share, significance, marks: marked, stockOut: out, viewers } = terms;
    return { score: hundredths(lift + share + significance + marked + out + viewers), terms };
  });
}

export function attributedTo(draft: Draft, model: SalesModel): Attributed {
  const units = draft.find?.units ?? answersTo(draft, model);
  const byChannel: Record<string, number> = {};
  for (const { channel } of units) byChannel[channel] = (byChannel[channel] ?? 0) + 1;
  return {
    sales: new Set(units.map(({ saleId }) => saleId)).size,
    units: units.reduce((sum, unit) => sum + unit.units, 0),
    netMinor: units.reduce((sum, unit) => sum + unit.netMinor, 0),
    byChannel,
  };
}

/** Sales of the moment's sku while buyers could answer it; none when nobody said what it was about. */
function answersTo(draft: Draft, model: SalesModel): SaleUnit[] {
  return model.units.filter(
    (unit) => unit.sku === draft.sku && unit.t >= draft.from + 5 && unit.t <= draft.to + model.delay[unit.side] + 90,
  );
}

function viewerRise(draft: Draft, model: SalesModel): number {
  const [before, after] = [model.viewersAt(draft.from), model.viewersAt(draft.to)];
  return before === null || after === null || before <= 0 ? 0 : Math.max(0, after / before - 1);
}

/** MOM-13: one to six sentences, each with its figure. */
export function reasonsOf(draft: Draft, model: SalesModel, input: MomentInput): string[] {
  const { find, cue, marks, stockOut } = draft;
  const clock = (t: number): string => clockText(input.from + t * 1000, input.timeZone);
  const reasons: string[] = [];
  if (find) {
    const lift = find.units.length / find.expected;
    reasons.push(
      `${find.units.length} sold in ${minutes(find.windowMs)} where ${find.expected.toFixed(1)} are usual (${lift.toFixed(1)} ×)`,
    );
  }
  if (stockOut) reasons.push(`sold out at ${clock(stockOut.at)}`);
  const people = [...new Set(marks.map(({ press }) => press.by))];
  const first = marks[0];
  if (people.length === 1 && first) {
    reasons.push(
      `${input.people.get(first.press.by) ?? 'the desk'} marked it at ${clockText(first.press.at, input.timeZone)}`,
    );
  }
  if (people.length > 1) reasons.push(`marked by ${people.length} people`);
  if (cue) reasons.push(`in cue ${cue.title}`);
  const rise = Math.round(100 * viewerRise(draft, model));
  if (rise >= 5) reasons.push(`viewers up ${rise} %`);
  const said = cue?.ticks.find(({ at, mustSay }) => mustSay && inside(draft, (at - input.from) / 1000));
  if (said) reasons.push(`must-say: ${said.text}`);
  return reasons.slice(0, 6);
}

function inside(draft: Draft, t: number): boolean {
  return t >= draft.from - 6 && t <= draft.to + 10;
}

/** 130000 → "2:10" */
function minutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
