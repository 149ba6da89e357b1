import { soldAt } from './sale-record.ts';
import { creditExceptions } from './report-credit-exceptions.ts';
import type { Exception } from './report-exception.ts';
import type { MoneyPage } from './report-money-tables.ts';
import { openCounts } from './report-show-tables.ts';
import { fieldsOf, type Table, tableOf } from './report-table.ts';
import { tillExceptions } from './report-till-exceptions.ts';
import { toIso } from './units.ts';

/** Everything a person decided against the rule, and everything left open: by time. */
export function exceptionsTable(page: MoneyPage): Table {
  const rows = [
    ...decided(page),
    ...left(page),
    ...oddSales(page),
    ...creditExceptions(page),
    ...tillExceptions(page),
  ].sort((a, b) => a.at - b.at || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  const f = fieldsOf<Exception>();
  return tableOf(rows, [
    f.text('kind', 'Kind', ({ kind }) => kind),
    f.integer('severity', 'Severity', ({ severity }) => severity),
    f.instant('atUtc', 'At (UTC)', ({ at }) => toIso(at)),
    f.text('ref', 'About', ({ ref }) => ref),
    f.text('what', 'What', ({ what }) => what),
    f.money('amount', 'Amount', ({ amount }) => amount),
    f.text('decision', 'Decision', ({ decision }) => decision),
    f.text('by', 'By', ({ by }) => by),
    f.text('reason', 'Reason', ({ reason }) => reason),
    f.text('currency', 'Currency', () => page.currency),
  ]);
}

function decided({ record: { show, entries } }: MoneyPage): Exception[] {
  const none = { ref: '', amount: null, decision: null, by: null, reason: null };
  return [
    ...show.close.overrides.map(({ codes, reason, by, at }): Exception => ({
      ...none,
      kind: 'override',
      severity: 2,
      at,
      ref: codes.join(' '),
      what: 'Closed although something was open',
      decision: 'overridden',
      by,
      reason,
    })),
    ...entries.of('show.opened').flatMap(({ at, body }): Exception[] =>
      body.overrideReason === null
        ? []
        : [
            {
              ...none,
              kind: 'override',
              severity: 2,
              at,
              ref: 'open-show',
              what: 'Opened although something was open',
              decision: 'overridden',
              by: body.by,
              reason: body.overrideReason,
            },
          ],
    ),
    ...entries.of('show.reopened').map(({ at, body }): Exception => ({
      ...none,
      kind: 'reopened',
      severity: 2,
      at,
      what: 'The show was reopened',
      by: body.by,
      reason: body.reason,
    })),
    ...entries.of('clock.jumped').map(({ at, body }): Exception => ({
      ...none,
      kind: 'clock-step',
      severity: 3,
      at,
      what: `The computer clock jumped by ${body.deltaMs} ms`,
    })),
    ...entries.of('duplicate.dismissed').map(({ at, body }): Exception => ({
      ...none,
      kind: 'possible-duplicate',
      severity: 3,
      at,
      ref: body.saleId,
      what: `Looks like ${body.rung}, rung here`,
      amount: show.sales.byId.get(body.saleId)?.totalMinor ?? null,
      decision: 'two sales',
      by: body.by,
      reason: body.note,
    })),
    ...entries.of('stock.adjusted').map(({ at, body }): Exception => ({
      ...none,
      kind: 'adjustment',
      severity: 3,
      at,
      ref: body.sku,
      what: `${body.delta > 0 ? '+' : ''}${body.delta} units in ${body.pool}`,
      decision: body.reason,
      by: body.by,
      reason: body.note,
    })),
  ];
}

function left(page: MoneyPage): Exception[] {
  const { show, at } = page.record;
  const none = { amount: null, decision: null, by: null, reason: null };
  return [
    ...[...show.sales.shortfalls.values()].map((one): Exception => ({
      ...none,
      kind: 'shortfall',
      severity: one.quantity > 0 ? 1 : 3,
      at: one.at,
      ref: one.id,
      what: `${one.found} × ${one.sku} sold beyond stock by ${one.source}, sale ${one.saleId}`,
      decision: one.how !== null && one.quantity > 0 ? `${one.how}, ${one.quantity} still owed` : one.how,
    })),
    ...[...show.sales.parked.values()].map((one): Exception => ({
      ...none,
      kind: 'parked-line',
      severity: 2,
      at: one.at,
      ref: one.id,
      what: `${one.quantity} × ${one.foreignSku} (${one.name}) from ${one.source}: product unknown`,
    })),
    ...[...show.orders.apart.values()].map((one): Exception => ({
      ...none,
      kind: 'not-counted-order',
      severity: 3,
      at: one.at,
      ref: one.orderId,
      what:
        one.why === 'currency'
          ? `Order of ${one.source} over ${one.totalMinor} minor units of ${one.currency}, in no sum`
          : `Order of ${one.source}, sold in person and rung here as well, in no sum`,
      amount: one.why === 'currency' ? null : one.totalMinor,
    })),
    ...openCounts(page).map(({ sku, state, units }): Exception => ({
      ...none,
      kind: state === 'unexplained' ? 'unexplained-variance' : state === 'uncounted' ? 'not-counted' : `count-${state}`,
      severity: 2,
      at,
      ref: sku,
      what: units === null ? 'Not counted' : `${units} units unexplained`,
    })),
  ];
}

function oddSales({ record: { show } }: MoneyPage): Exception[] {
  const none = { decision: null, by: null, reason: null };
  const exceptions: Exception[] = [];
  for (const sale of show.sales.byId.values()) {
    const base = { ...none, ref: sale.saleId, at: soldAt(sale), amount: sale.totalMinor };
    if (sale.voided) {
      exceptions.push({
        ...base,
        kind: 'void',
        severity: 3,
        at: sale.voided.at,
        what: 'Sale voided',
        by: sale.voided.by,
        reason: sale.voided.reason,
      });
    } else if (sale.channel === 'unattributed') {
      exceptions.push({ ...base, kind: 'unattributed', severity: 3, what: `Sale of ${sale.source} without a channel` });
    }
    if (show.closingAt !== null && sale.at >= show.closingAt && !sale.voided)
      exceptions.push({ ...base, kind: 'late-sale', severity: 3, at: sale.at, what: 'Booked after the close' });
  }
  for (const refund of show.sales.refunds) {
    if (refund.saleId !== null) continue;
    exceptions.push({
      kind: 'return-without-receipt',
      severity: 2,
      at: refund.at,
      ref: refund.refundId,
      what: 'Money back without a receipt',
      amount: refund.amountMinor,
      decision: null,
      by: refund.by,
      reason: refund.reason,
    });
  }
  for (const [told, { rung, at }] of show.duplicates.found) {
    const sale = show.sales.byId.get(told);
    exceptions.push({
      ...none,
      kind: 'possible-duplicate',
      severity: 2,
      at,
      ref: told,
      what: `Told by ${sale?.source ?? 'a shop'}, and ${rung} was rung here with the same goods and total`,
      amount: sale?.totalMinor ?? null,
    });
  }
  return exceptions;
}
