import { openApprovals } from '../../domain/approvals.ts';
import { type Authorisation, lapsedPromises, openAuthorisations } from '../../domain/authorisations.ts';
import { catalogueOf } from '../../domain/catalogue.ts';
import { isRungHere, openDrawers } from '../../domain/drawers.ts';
import { type OpenPickup, unsettledPickups } from '../../domain/pickups.ts';
import { allThatIsLeft, findBacks } from '../../domain/refund-pricing.ts';
import { dueLeft } from '../../domain/sale-record.ts';
import { type Shortfall, openShortfalls } from '../../domain/sales.ts';
import type { ShowState } from '../../domain/show.ts';
import { type Instant, type Minor, type Now, toIso } from '../../domain/units.ts';
import type { SettleAction, SettleKind, SettleRow, SettleView } from '../settle-state.ts';
import type { Live } from '../live.ts';

/** the desk shows no more at once, and the wire carries it at every change; `counts` tells of all */
const MOST_ROWS = 60;

/**
 * Everything that waits for a person, from every corner: one list for the desk and for the closing screen. The urgent
 * first, then the newest. Costs as much as there is open, never as much as there are sales.
 *
 * Pickups that wait and drawers that are open are what a live show looks like: they join once the show is closing.
 */
export function settleView(
  show: ShowState | null,
  live: Pick<Live, 'letters' | 'unsettledLetters'>,
  now: Now,
): SettleView {
  const pickups = show?.phase === 'closing' ? unsettledPickups(show) : [];
  const shown = pickups.slice(-MOST_ROWS);
  const open = show ? [...rowsOf(show, live, now), ...shown.map(pickupRow)] : [];
  const rows = open.sort((a, b) => a.priority - b.priority || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const counts: SettleView['counts'] = {};
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
  if (live.unsettledLetters > 0) counts.letter = live.unsettledLetters;
  if (pickups.length > 0) counts.pickup = pickups.length;
  const unseen = Math.max(0, live.unsettledLetters - live.letters.length) + pickups.length - shown.length;
  const count = rows.filter(({ priority }) => priority < 3).length + unseen;
  return { count, counts, rows: rows.slice(0, MOST_ROWS) };
}

function rowsOf(show: ShowState, live: Pick<Live, 'letters'>, now: Now): SettleRow[] {
  return [
    ...approvalRows(show, now),
    ...openShortfalls(show.sales).map((shortfall) => shortfallRow(show, shortfall)),
    ...authorisationRows(show),
    ...parkedRows(show),
    ...live.letters.map(letterRow),
    ...(show.phase === 'closing' ? drawerRows(show) : []),
    ...duplicateRows(show),
    ...apartRows(show),
  ];
}

function row(
  kind: SettleKind,
  id: string,
  priority: SettleRow['priority'],
  more: {
    what: string;
    at: Instant;
    amountMinor?: Minor | null;
    subject: SettleRow['subject'];
    actions: SettleAction[];
  },
): SettleRow {
  const { what, at, amountMinor = null, subject, actions } = more;
  return { id: `${kind}:${id}`, kind, priority, what, at: toIso(at), amountMinor, subject, actions };
}

function action(
  label: SettleAction['label'],
  command: SettleAction['command'],
  body: Record<string, unknown>,
  ...needs: SettleAction['needs']
): SettleAction {
  return { label, command, body, needs };
}

/** A till and its customer stand and wait. */
function approvalRows(show: ShowState, now: Now): SettleRow[] {
  return openApprovals(show.approvals, now).map(({ id, till, what, amountMinor, sku, saleId, note, at }) => {
    const name = show.plan?.tills.find((each) => each.id === till)?.name ?? till;
    const wish = { discount: 'a discount', price: 'another price', refund: 'money back' }[what];
    const about = [sku === null ? null : nameOf(show, sku), saleId, note].filter((text) => text !== null);
    const answer = (approved: boolean) => ({ approval: id, approved });
    return row('approval', id, 1, {
      what: `${name} asks for ${wish}${about.length > 0 ? `: ${about.join(', ')}` : ''}.`,
      at,
      amountMinor,
      subject: { approval: id, till, ...(saleId === null ? {} : { saleId }), ...(sku === null ? {} : { sku }) },
      actions: [action('approve', 'answer-approval', answer(true)), action('refuse', 'answer-approval', answer(false))],
    });
  });
}

/** Somebody has paid for goods that are not there. The amount is what they cost: a refund of them settles it too. */
function shortfallRow(show: ShowState, { id, sku, quantity, saleId, source, at }: Shortfall): SettleRow {
  const sale = show.sales.byId.get(saleId);
  const lines = [{ sku, quantity }];
  const found = sale && show.plan ? findBacks(sale, lines, show.plan.show.taxMode) : null;
  const worth = found && 'backs' in found ? found.backs.reduce((sum, { amountMinor }) => sum + amountMinor, 0) : null;
  const how = (word: string) => ({ shortfall: id, how: word });
  const refund =
    sale && isRungHere(sale.source)
      ? action('refund', 'refund-sale', { saleId, lines, restock: 'no' }, 'reason')
      : action('refunded', 'resolve-shortfall', how('refunded'));
  return row('shortfall', id, 1, {
    what: `${quantity} × ${nameOf(show, sku)} sold beyond stock by ${source}.`,
    at,
    amountMinor: worth,
    subject: { shortfall: id, saleId, sku, quantity },
    actions: [
      action('fulfil', 'resolve-shortfall', how('fulfilled')),
      action('substitute', 'resolve-shortfall', how('substituted'), 'sku'),
      refund,
      action('backorder', 'resolve-shortfall', how('backordered')),
    ],
  });
}

function authorisationRows(show: ShowState): SettleRow[] {
  const lapsed = lapsedPromises(show).map((one) =>
    row('authorisation', one.id, 1, {
      what: `${one.provider} ${one.ref} ${one.state === 'expired' ? 'has expired' : `was ${one.state}`}, and ${one.saleId} still promises its goods.`,
      at: one.endedAt ?? one.at,
      amountMinor: one.amountMinor,
      subject: subjectOf(one),
      actions: [action('free-goods', 'release-promise', { saleId: one.saleId }, 'reason')],
    }),
  );
  const open = openAuthorisations(show.authorisations).map((one) => {
    const how = (word: string) => ({ authorisation: one.id, how: word });
    return row('authorisation', one.id, 2, {
      what: `${one.provider} ${one.ref} is promised and not taken.`,
      at: one.at,
      amountMinor: one.amountMinor,
      subject: { ...subjectOf(one), expiresAt: toIso(one.expiresAt) },
      actions: [
        action('captured', 'settle-authorisation', how('captured'), 'amountMinor'),
        action('let-go', 'settle-authorisation', how('voided')),
        action('failed', 'settle-authorisation', how('failed')),
      ],
    });
  });
  return [...lapsed, ...open];
}

function subjectOf({ id, ref, saleId }: Authorisation): SettleRow['subject'] {
  return { authorisation: id, ref, ...(saleId === null ? {} : { saleId }) };
}

function parkedRows(show: ShowState): SettleRow[] {
  return [...show.sales.parked.values()].map(({ id, saleId, foreignSku, name, quantity, source, at }) =>
    row('parked', id, 2, {
      what: `${quantity} × ${name || foreignSku} from ${source}: nobody knows this product.`,
      at,
      subject: { line: id, saleId, foreignSku, quantity },
      actions: [action('name-product', 'map-sku', { line: id }, 'sku')],
    }),
  );
}

function letterRow({ id, source, problem, at }: Live['letters'][number]): SettleRow {
  return row('letter', id, 2, {
    what: `A message of ${source} could not be booked: ${problem}`,
    at,
    subject: { letter: id, source },
    actions: [
      action('retry', 'retry-letter', { letter: id }),
      action('settle', 'settle-letter', { letter: id }, 'reason'),
    ],
  });
}

function pickupRow({ pickup: { saleId, code, at }, sale, standing }: OpenPickup): SettleRow {
  const units = sale.lines.reduce((sum, { quantity }, i) => sum + quantity - (sale.refundedUnits[i] ?? 0), 0);
  const due = dueLeft(sale);
  return row('pickup', saleId, 2, {
    what: `${saleId}${code === null ? '' : ` (${code})`}: ${units} paid, ${standing === 'ready' ? 'ready and not fetched' : 'not fetched'}.`,
    at,
    amountMinor: due === 0 ? null : due,
    subject: { saleId, ...(code === null ? {} : { code }) },
    actions: [
      action('hand-over', 'hand-over-pickup', { saleId }, ...(due === 0 ? [] : (['tender'] as const))),
      action('missed', 'miss-pickup', { saleId }),
    ],
  });
}

function drawerRows(show: ShowState): SettleRow[] {
  return openDrawers(show.drawers).map(({ id, till, openedAt }) => {
    const name = show.plan?.tills.find((each) => each.id === till)?.name ?? till;
    return row('drawer', id, 2, {
      what: `The drawer of ${name} is not counted.`,
      at: openedAt,
      subject: { drawer: id, till },
      actions: [action('count', 'count-drawer', { till }, 'countedMinor')],
    });
  });
}

/** Likeness is no proof: nothing is merged, and a person who knows gives the one that was rung here back. */
function duplicateRows(show: ShowState): SettleRow[] {
  return [...show.duplicates.found].flatMap(([told, { rung, at }]) => {
    const [theirs, ours] = [show.sales.byId.get(told), show.sales.byId.get(rung)];
    if (!theirs || !ours) return [];
    const lines = allThatIsLeft(ours);
    return row('duplicate', told, 3, {
      what: `${told} of ${theirs.source} looks like ${rung}, rung here: the same goods and total within two minutes.`,
      at,
      amountMinor: ours.totalMinor,
      subject: { saleId: rung, other: told },
      actions: [
        action('refund', 'refund-sale', { saleId: rung, lines, restock: 'reserve', reason: 'duplicate' }),
        action('keep-both', 'dismiss-duplicate', { saleId: told }),
      ],
    });
  });
}

/** For the record: nobody can do anything about another currency here, and what was rung here is counted. */
function apartRows(show: ShowState): SettleRow[] {
  return [...show.orders.apart].map(([key, { source, orderId, currency, why, at, totalMinor }]) =>
    row('apart', key.replaceAll('\n', ' '), 3, {
      what:
        why === 'currency'
          ? `${source} ${orderId} is in ${currency} and in no sum.`
          : `${source} ${orderId} was sold at its point of sale, which is rung here; it is in no sum.`,
      at,
      ...(why === 'rung-here' && { amountMinor: totalMinor }),
      subject: { source, orderId },
      actions: [],
    }),
  );
}

function nameOf(show: ShowState, sku: string): string {
  return catalogueOf(show.plan).get(sku)?.name ?? sku;
}
