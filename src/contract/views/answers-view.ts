import { openShortfalls } from '../../domain/sales.ts';
import type { ShowState } from '../../domain/show.ts';
import { wallOf } from '../../domain/clock.ts';
import { MINUTE, type Now, clamp, fromIso } from '../../domain/units.ts';
import type { DeskState, FourAnswers } from '../desk-state.ts';
import type { StreamView } from '../stream-state.ts';
import type { CuesView } from '../cue-state.ts';
import type { SalesView } from '../sales-state.ts';

interface Parts {
  sales: SalesView;
  stock: DeskState['stock'];
  cues: CuesView;
  stream: StreamView;
}

/** UI-2, one place for desk, wall, Companion and tests. */
export function fourAnswers(show: ShowState | null, parts: Parts, now: Now): FourAnswers {
  return {
    stream: streamAnswer(parts.stream),
    selling: sellingAnswer(show, parts.sales, now),
    reserve: reserveAnswer(show, parts.stock, now),
    now: cueAnswer(parts.cues),
  };
}

function streamAnswer(stream: StreamView): FourAnswers['stream'] {
  const links = Object.values(stream.sources).filter(({ level }) => level !== 'off');
  return {
    word: streamWord(stream),
    linksUp: links.filter(({ level }) => level !== 'unknown').length,
    links: links.length,
  };
}

function streamWord({ level, layers }: StreamView): FourAnswers['stream']['word'] {
  switch (level) {
    case 'ok':
      return 'OK';
    case 'warn':
      return 'WEAK';
    case 'unknown':
      return 'NO ANSWER';
    case 'off':
      return 'OFF';
    case 'critical': {
      const bad = Object.entries(layers).filter(([, layer]) => layer.level === 'critical');
      const onlySource = bad.length === 1 && bad[0]?.[0] === 'source';
      const cause = onlySource ? (layers.source?.cause ?? '') : '';
      if (cause === 'sound-gone') return 'NO SOUND';
      return cause.startsWith('picture-') ? 'NO PICTURE' : 'DOWN';
    }
    default:
      return level satisfies never;
  }
}

/** Takings against the target, as if it were earned evenly over the planned hours. Too early says nothing. */
function sellingAnswer(show: ShowState | null, sales: SalesView, now: Now): FourAnswers['selling'] {
  const { salesTargetMinor = null, startsAt = null, endsAt = null } = show?.plan?.show ?? {};
  const silent = { percentOfPlan: null, word: null };
  if (!show || !salesTargetMinor || startsAt === null || endsAt === null) return silent;
  const into = wallOf(show.clock, now.t) - fromIso(startsAt);
  const length = fromIso(endsAt) - fromIso(startsAt);
  if (into < 10 * MINUTE || length <= 0) return silent;
  const due = salesTargetMinor * clamp(into / length, 0, 1);
  const percentOfPlan = Math.floor((sales.netMinor / due) * 100 + 0.5);
  return { percentOfPlan, word: percentOfPlan < 90 ? 'behind' : percentOfPlan > 110 ? 'ahead' : 'on plan' };
}

function reserveAnswer(show: ShowState | null, stock: DeskState['stock'], now: Now): FourAnswers['reserve'] {
  const products = Object.entries(stock).filter(([, { bundle }]) => !bundle);
  const wall = show ? wallOf(show.clock, now.t) : now.at;
  const endsAt = show?.plan?.show.endsAt ?? null;
  const horizon = Math.min(wall + 15 * MINUTE, endsAt === null ? Infinity : fromIso(endsAt));
  const atRisk = products
    .flatMap(([sku, { left, soldOutAt }]) =>
      left > 0 && soldOutAt !== null ? [{ sku, left, at: fromIso(soldOutAt) }] : [],
    )
    .filter(({ at }) => at <= horizon)
    .sort((a, b) => a.at - b.at);
  const lists = {
    atRisk: atRisk.map(({ sku }) => sku),
    // What is only promised (a preorder's show piece) never had goods that could run out.
    soldOut: products
      .filter(([, { level, reserve, pools }]) => level === 'out' && (reserve > 0 || !('preorder' in pools)))
      .map(([sku]) => sku),
  };
  const owed = show ? openShortfalls(show.sales) : [];
  if (owed[0]) {
    const units = owed.reduce((sum, { quantity }) => sum + quantity, 0);
    return { word: 'OVERSOLD', minutes: null, units, sku: owed[0].sku, ...lists };
  }
  const soonest = atRisk[0];
  if (!soonest) return { word: 'None', minutes: null, units: null, sku: null, ...lists };
  const minutes = Math.max(0, Math.round((soonest.at - wall) / MINUTE));
  return { word: 'minutes', minutes, units: soonest.left, sku: soonest.sku, ...lists };
}

function cueAnswer(cues: CuesView): FourAnswers['now'] {
  const next = cues.list.find(({ id }) => id === cues.next);
  return { cue: cues.current, next: cues.next, nextReady: next?.ready ?? false };
}
