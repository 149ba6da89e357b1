import type { DeskState } from '../../../contract/desk-state.ts';
import type { StreamView } from '../../../contract/stream-state.ts';
import type { CueView } from '../../../contract/cue-state.ts';
import { countdown, decimal, duration, moneyRound, moneyShort, percent, type MoneyStyle } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';
import { bitrateOf } from './stream-history.svelte.ts';
import { forecastText } from './reserve.ts';
import { overUnderWords } from './rundown.ts';

/** What a tile says. Figures come from the hub (`answers`, UI-2); here they only become words. */
export interface TileText {
  flag: string;
  hero: string;
  beside: string;
  proof: string;
}

export interface Names {
  person: (id: string) => string;
  product: (sku: string) => string;
}

export function streamTile({ stream, answers }: DeskState, now: number): TileText {
  const { word, linksUp, links } = answers.stream;
  if (links === 0) return { flag: t('tile.noLinks'), hero: '–', beside: '', proof: t('tile.noStream') };
  const flag = t('tile.links', { up: linksUp, all: links });
  if (word === 'OK') return { flag, hero: word, beside: rateText(stream), proof: streamProof(stream) };
  const since = stream.since === null ? '' : duration(now - Date.parse(stream.since));
  return {
    flag: word === 'OFF' ? flag : word,
    hero: word,
    beside: word === 'OFF' ? '' : since,
    proof: stream.message ?? (word === 'OFF' ? t('tile.streamOff') : ''),
  };
}

function rateText(stream: StreamView): string {
  const kbps = bitrateOf(stream);
  return kbps === null ? '' : t('tile.mbps', { value: decimal(kbps / 1000, 2) });
}

/** Viewers are never left out: that nobody counts them is said. */
function streamProof(stream: StreamView): string {
  const { sources, viewers } = stream;
  const dropped = sources.obs?.metrics['droppedPct'];
  const edge = sources.edge?.metrics['liveEdgeMs'] ?? sources.hls?.metrics['liveEdgeMs'];
  return [
    viewers === null
      ? t('tile.viewersUnknown')
      : t(viewers.source === 'noted' ? 'tile.viewersNoted' : 'tile.viewers', { n: viewers.count }),
    ...(typeof dropped === 'number' ? [t('tile.dropped', { percent: `${decimal(dropped, 1)}%` })] : []),
    ...(typeof edge === 'number' ? [t('tile.behind', { seconds: decimal(edge / 1000, 1) })] : []),
  ].join(', ');
}

export function sellingTile({ sales, answers }: DeskState, now: number, style: MoneyStyle): TileText {
  const { percentOfPlan, word } = answers.selling;
  const last =
    sales.lastAt === null
      ? t('tile.noSales')
      : t('tile.lastSale', { time: duration(Math.max(0, now - Date.parse(sales.lastAt))) });
  return {
    flag:
      word === null
        ? t('tile.salesCount', { n: sales.count })
        : t(word === 'behind' ? 'plan.behind' : word === 'ahead' ? 'plan.ahead' : 'plan.on'),
    hero: moneyShort(sales.netMinor, style),
    beside: percentOfPlan === null ? '' : t('tile.ofPlan', { percent: percent(percentOfPlan / 100) }),
    proof: `${t('tile.aMinute', { money: moneyRound(sales.netPerMinuteMinor, style) })}, ${last}`,
  };
}

/** Shares of the one bar: in person, stream, social and unattributed together. Null while nothing is sold. */
export function channelShares({
  byChannel,
}: DeskState['sales']): { inPerson: number; stream: number; other: number } | null {
  const of = (minor: number): number => Math.max(0, minor);
  const [inPerson, stream] = [of(byChannel['in-person'].netMinor), of(byChannel.stream.netMinor)];
  const other = of(byChannel.social.netMinor) + of(byChannel.unattributed.netMinor);
  const all = inPerson + stream + other;
  return all === 0 ? null : { inPerson: inPerson / all, stream: stream / all, other: other / all };
}

export function reserveTile(state: DeskState, now: number, names: Names): TileText {
  const { word, minutes, units, sku, atRisk, soldOut } = state.answers.reserve;
  const kinds = Object.keys(state.stock).length;
  const flag =
    atRisk.length > 0
      ? t('tile.nAtRisk', { n: atRisk.length })
      : soldOut.length > 0
        ? t('tile.nSoldOut', { n: soldOut.length })
        : t('tile.products', { n: kinds });
  if (kinds === 0) return { flag, hero: '–', beside: '', proof: t('tile.noProducts') };
  const stock = sku === null ? undefined : state.stock[sku];
  if (word === 'OVERSOLD') {
    return {
      flag,
      hero: t('tile.oversold'),
      beside: t('tile.oversoldBy', { n: units ?? 0 }),
      proof: sku === null ? '' : t('tile.oversoldProof', { name: names.product(sku) }),
    };
  }
  if (word === 'minutes' && stock && sku !== null) {
    return {
      flag,
      // Less than a minute is still not over: the panel below says 1 min too.
      hero: String(Math.max(1, minutes ?? 1)),
      beside: t('tile.toSoldOut'),
      proof: t('tile.riskProof', {
        name: names.product(sku),
        left: stock.left,
        rate: decimal(stock.perMinute, 1),
      }),
    };
  }
  return { flag, hero: t('tile.none'), beside: t('tile.atRisk'), proof: calmProof(state, now, names) };
}

function calmProof(state: DeskState, now: number, names: Names): string {
  const soonest = soonestOut(state);
  if (soonest !== null)
    return t('tile.soonest', {
      name: names.product(soonest),
      left: state.stock[soonest]?.left ?? 0,
      when: forecastText(state, soonest, now, names.product),
    });
  const { soldOut } = state.answers.reserve;
  return soldOut.length > 0 ? t('tile.allOut', { names: soldOut.map(names.product).join(', ') }) : t('tile.noRate');
}

function soonestOut({ stock }: DeskState): string | null {
  let best: { sku: string; at: string } | null = null;
  for (const [sku, { soldOutAt, left }] of Object.entries(stock)) {
    if (soldOutAt !== null && left > 0 && (best === null || soldOutAt < best.at)) best = { sku, at: soldOutAt };
  }
  return best?.sku ?? null;
}

/** How full the fuel gauge is: of the product the tile is about, else of all reserve together. */
export function gaugeRatio({ stock, answers }: DeskState): number {
  const about =
    answers.reserve.word === 'minutes' && answers.reserve.sku !== null ? stock[answers.reserve.sku] : undefined;
  const rows = about ? [about] : Object.values(stock).filter((row) => !row.bundle);
  const reserve = rows.reduce((sum, row) => sum + Math.max(row.reserve, row.left), 0);
  const left = rows.reduce((sum, row) => sum + Math.max(0, row.left), 0);
  return reserve === 0 ? 0 : left / reserve;
}

/** Milliseconds left of a cue right now: the hub's figure of the last push, moved on by the clock while it runs. */
export function remainingNow(cue: CueView, stateNow: string, now: number): number | null {
  if (cue.remainingMs === null) return null;
  return cue.state === 'running' ? cue.remainingMs - Math.max(0, now - Date.parse(stateNow)) : cue.remainingMs;
}

export function nowTile(state: DeskState, now: number, names: Names): TileText {
  const { cues, answers } = state;
  const current = cues.list.find((cue) => cue.id === answers.now.cue);
  const proof = nextText(state, names);
  if (!current)
    return {
      flag: cues.list.length === 0 ? '' : overUnderWords(cues.overUnderMs),
      hero: '–',
      beside: '',
      proof: cues.list.length === 0 ? t('tile.noCues') : proof,
    };
  const who = current.owners.map(names.person).join(', ');
  const remaining = remainingNow(current, state.now, now);
  const elapsed = current.elapsedMs === null ? 0 : current.elapsedMs + Math.max(0, now - Date.parse(state.now));
  const tense =
    current.state === 'paused' ? 'paused' : remaining === null ? 'running' : remaining > -1000 ? 'left' : 'over';
  const beside = who === '' ? t(`tile.${tense}Alone`) : t(`tile.${tense}`, { who });
  return {
    flag: overUnderWords(cues.overUnderMs),
    hero: remaining === null ? duration(elapsed) : countdown(remaining),
    beside,
    proof,
  };
}

function nextText({ cues, answers }: DeskState, names: Names): string {
  const next = cues.list.find((cue) => cue.id === answers.now.next);
  if (!next) return t('tile.nothingNext');
  const who = next.owners.map(names.person).join(', ');
  if (who === '') return t('tile.next', { title: next.title });
  return t(answers.now.nextReady ? 'tile.nextReady' : 'tile.nextWho', { title: next.title, who });
}

/** 0..1 of the running cue that has passed; null without one or when it is untimed. */
export function cueProgress(state: DeskState, now: number): number | null {
  const current = state.cues.list.find((cue) => cue.id === state.answers.now.cue);
  const remaining = current ? remainingNow(current, state.now, now) : null;
  if (!current || remaining === null) return null;
  const length = current.durationMs + current.addedMs;
  return length <= 0 ? 1 : Math.min(1, Math.max(0, 1 - remaining / length));
}
