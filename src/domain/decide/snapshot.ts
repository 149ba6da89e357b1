import { snapshotAttribution } from '../attribution.ts';
import { type KnownOrder, isNews, markOf, noneBackOf, orderKey } from '../external-orders.ts';
import type { OrderMark, SaleRecorded } from '../facts/sale-facts.ts';
import type { Fact, OriginFact } from '../ledger.ts';
import { madeAfterClose } from '../observed.ts';
import type { OrderSnapshot, SnapshotPerson } from '../order-snapshot.ts';
import type { SaleRecord } from '../sale-record.ts';
import { bookedKey } from '../sales.ts';
import { openShelf } from '../shelf.ts';
import type { ShowState } from '../show.ts';
import { newNames, twinOf } from '../twins.ts';
import { type Instant, fromIso, toIso } from '../units.ts';
import { isVendorFile } from '../vendor-doors.ts';
import type { Ask } from './ask.ts';
import { weighedCredit } from './crediting.ts';
import { shortfallFacts, takeLine } from './fulfil.ts';
import { type SnapshotStep, amend, parkNew } from './snapshot-amend.ts';
import { refund } from './snapshot-refund.ts';
import { type Standing, freshStanding, standingOf } from './snapshot-standing.ts';
import {
  type Target,
  fittedTenders,
  isNothing,
  pricedLine,
  sumsOf,
  targetOf,
  taxModeOf,
  UNLINED,
} from './snapshot-target.ts';

/**
 * Books the difference between an outside order as it now stands and what is booked of it (CON-1 … CON-4). It has
 * happened already, so nothing is refused (STK-6); an older state changes nothing (CON-2).
 *
 * @param since when this show's ledger began: orders made before belong to a former show. Null: the order was sent to
 *              this show on purpose
 * @returns facts named by source, order and revision; none when there is nothing new
 */
export function bookSnapshot(show: ShowState, snapshot: OrderSnapshot, ask: Ask, since: Instant | null): OriginFact[] {
  const { source, account, orderId } = snapshot;
  const known = show.orders.byOrder.get(orderKey(source, account, orderId));
  const mark = markOf(snapshot);
  if (!isNews(known, mark) || snapshot.test) return [];
  if (since !== null && fromIso(snapshot.createdAt) < since) return [];
  const also = newNames(show.orders, snapshot);
  const order: OrderMark = { ...mark, revision: (known?.revision ?? 0) + 1, ...(also.length > 0 && { also }) };
  const { shelf, facts } = openShelf(show, ask.now);
  book({ show, ask, shelf, source, order, facts }, snapshot, known);
  return facts.map((fact, n) => ({
    ...fact,
    origin: `${source}:${account}`,
    // A later state of the same order is no further purchase.
    originId:
      fact.kind === 'purchase.observed' ? `${orderId}:observed` : `${orderId}:${n}:${fact.kind}:${order.revision}`,
  }));
}

function book(step: SnapshotStep, snapshot: OrderSnapshot, known: KnownOrder | undefined): void {
  const { show, facts, source, order } = step;
  const begun = facts.length;
  const saleId = known?.saleId ?? null;
  const sale = saleId === null ? undefined : show.sales.byId.get(saleId);
  if (known && sale) {
    if (!sale.voided) follow(step, snapshot, standingOf(show, sale, known), known);
  } else if (!snapshot.paid) {
    // Nothing was sold yet.
  } else if (snapshot.currency !== '' && snapshot.currency !== show.plan?.show.currency) {
    setApart(step, snapshot, 'currency');
  } else if (madeAfterClose(show, snapshot.createdAt)) {
    // The vendor's other door has told of this purchase.
    if (twinOf(show.orders, snapshot) === null) observe(step, snapshot);
  } else if (joinTwin(step, snapshot) || join(step, snapshot)) {
    // One and the same sale.
  } else if (snapshot.hints.isPos && step.ask.rules.inPerson === 'rung-here') {
    setApart(step, snapshot, 'rung-here');
  } else {
    const target = targetOf(show, snapshot);
    refund(step, record(step, snapshot, target), target);
  }
  if (!facts.slice(begun).some((fact) => 'order' in fact.body))
    facts.push({ kind: 'order.seen', body: { source, order } });
}

function follow(
  step: SnapshotStep,
  snapshot: OrderSnapshot,
  standing: Standing,
  { isRungHere, isSecond }: Pick<KnownOrder, 'isRungHere' | 'isSecond'>,
): void {
  const target = targetOf(step.show, snapshot);
  // What was rung here is what was sold; its source may only know less of it.
  if (!isRungHere && !isSecond) amend(step, standing, target);
  refund(step, standing, isSecond ? neverLess(standing, target) : target);
}

/** A file may be older than what the connector has told since: it takes no refund back. */
function neverLess(standing: Standing, target: Target): Target {
  if (target.refundedMinor === null) return target;
  return { ...target, refundedMinor: Math.max(standing.ofSource.refundedMinor, target.refundedMinor) };
}

function record(step: SnapshotStep, snapshot: OrderSnapshot, target: Target): Standing {
  const { show, ask, shelf, source, order, facts } = step;
  const mode = taxModeOf(show);
  const missing = new Map<string, number>();
  const sold = target.lines.filter((line) => !isNothing(line));
  const lines = sold.map((line, i) => {
    const want = line.article && { article: line.article, quantity: line.sold, pools: ['reserve'] };
    return pricedLine(i + 1, line, want ? takeLine(shelf, want, missing) : []);
  });
  const sums = sumsOf(lines, mode, target);
  const saleId = `s${ask.seq + facts.length}`;
  const personRef = refOf(snapshot.person, ask);
  const attribution = weighedCredit(
    show,
    snapshotAttribution(show.plan, { source, hints: snapshot.hints, offer: null }, ask.rules.sourceDefaults),
    { madeAt: snapshot.createdAt, personRef },
    ask,
  );
  const body: SaleRecorded = {
    saleId,
    madeAt: toIso(fromIso(snapshot.createdAt)),
    channel: attribution.channel,
    attribution,
    lines,
    tenders: fittedTenders(target.tenders, sums.totalMinor),
    tipMinor: target.tipMinor,
    ...sums,
    pickup: 'now',
    till: null,
    receipt: null,
    hold: null,
    retaken: false,
    offline: false,
    source,
    sourceId: snapshot.orderId,
    personRef,
    ...extraOf(target),
    order: { ...order, keys: sold.map(({ key }) => key) },
  };
  facts.push({ kind: 'sale.recorded', body });
  const owing = shortfallFacts(missing, { saleId, source, firstSeq: ask.seq + facts.length });
  facts.push(...owing);
  parkNew(
    step,
    saleId,
    lines.map((now) => ({ now })),
  );
  return freshStanding(body, body.order?.keys ?? [], owing.flatMap(owedBy));
}

function extraOf({ shippingMinor, isAtRisk }: Target): Pick<SaleRecorded, 'extra'> {
  if (shippingMinor === 0 && !isAtRisk) return {};
  return { extra: { ...(shippingMinor !== 0 && { shippingMinor }), ...(isAtRisk && { atRisk: true }) } };
}

function owedBy(fact: Fact): Standing['owed'] {
  if (fact.kind !== 'shortfall.found') return [];
  return [{ id: fact.body.shortfallId, sku: fact.body.sku, left: fact.body.quantity }];
}

/** An order that came by the vendor's other door: one sale, and what is given back counts once. */
function joinTwin(step: SnapshotStep, snapshot: OrderSnapshot): boolean {
  const { show, source, order, facts } = step;
  const twin = twinOf(show.orders, snapshot);
  const sale = show.sales.byId.get(twin?.known.saleId ?? '');
  if (!twin || !sale) return false;
  const target = targetOf(show, snapshot);
  const { known, ...named } = twin;
  const isSecond = isVendorFile(source);
  // A line that the connector does not have goes by the file's own name for it, which no line of the connector bears.
  const keys = keysFor(sale, target).map((key, i) => key ?? (isSecond ? null : (known.keys[i] ?? null)));
  facts.push({
    kind: 'order.joined',
    body: { source, saleId: sale.saleId, why: 'same-order', keys, order, twin: named },
  });
  if (sale.voided) return true;
  const standing = standingOf(show, sale, { ...known, keys });
  const { isRungHere } = known;
  if (!isRungHere && !isSecond) amend(step, standing, target);
  refund(step, standing, neverLess(standing, target));
  return true;
}

/**
 * An order that is booked under another name: told as a single sale before, or rung here and paid at a terminal whose
 * vendor reports it too (CON-10). Likeness alone joins nothing.
 */
function join(step: SnapshotStep, snapshot: OrderSnapshot): boolean {
  const { show, source, order, facts } = step;
  const told = show.sales.bySource.get(bookedKey('sale', source, snapshot.orderId));
  const rung = snapshot.tenders.flatMap(({ ref }) => (ref === null ? [] : (show.orders.byRef.get(ref) ?? [])))[0];
  const sale = show.sales.byId.get(told ?? rung ?? '');
  if (!sale) return false;
  const why = told === undefined ? 'rung-here' : 'same-id';
  const keys = keysFor(sale, targetOf(show, snapshot));
  facts.push({ kind: 'order.joined', body: { source, saleId: sale.saleId, why, keys, order } });
  if (sale.voided) return true;
  const isRungHere = why === 'rung-here';
  follow(step, snapshot, standingOf(show, sale, noneBackOf(keys)), { isRungHere, isSecond: false });
  return true;
}

/** Lines of the same product, in order. */
function keysFor(sale: SaleRecord, target: Target): (string | null)[] {
  const open = [...target.lines];
  return sale.lines.map((line) => {
    const name = line.sku ?? line.foreignSku ?? null;
    // Money without lines is all of it, until the lines come.
    if (name === null && line.quantity === 0) return UNLINED;
    const at = open.findIndex(({ article, foreignSku }) => (article?.sku ?? foreignSku) === name);
    return at < 0 ? null : (open.splice(at, 1)[0]?.key ?? null);
  });
}

function setApart(step: SnapshotStep, snapshot: OrderSnapshot, why: 'currency' | 'rung-here'): void {
  const { show, source, order, facts } = step;
  const { tenders, refundedMinor, account, orderId } = snapshot;
  const currency = snapshot.currency || (show.plan?.show.currency ?? '');
  const totalMinor = tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0) - (refundedMinor ?? 0);
  if (show.orders.apart.get(orderKey(source, account, orderId))?.totalMinor === totalMinor) return;
  facts.push({ kind: 'order.set-apart', body: { source, currency, totalMinor, why, order } });
}

/** Bought after the show: no stock and no takings, only a buyer who came back (VER-2). */
function observe({ show, source, ask, facts }: SnapshotStep, snapshot: OrderSnapshot): void {
  const personRef = refOf(snapshot.person, ask);
  if (personRef === null) return;
  const netMinor = targetOf(show, snapshot).lines.reduce((sum, line) => sum + line.grossMinor - line.discountMinor, 0);
  const at = toIso(fromIso(snapshot.createdAt));
  facts.push({ kind: 'purchase.observed', body: { personRef, at, netMinor, source } });
}

function refOf(person: SnapshotPerson | null, ask: Ask): string | null {
  const contact = person?.email ?? person?.phone ?? null;
  return contact === null ? null : ask.refOf(contact);
}
