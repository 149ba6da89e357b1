import Database from 'better-sqlite3';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { DeskState } from '../../src/contract/desk-state.ts';
import { type TestHub } from '../kit/hub.ts';
import type { FakeOrder, FakeShopify } from '../fakes/fake-shopify.ts';
import { deliver } from '../fakes/vendor-server.ts';

/** A day at two outside sources, told by a real hub's own doors: one Shopify shop and one generic sender. */
export const INGEST_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const RESERVE = 100_000;
const PRICES = { MUG: 1800, APRON: 2400 } as const;
type Sku = keyof typeof PRICES;

/** An order as it stands after some step; steps come one second apart. */
export interface DayOrder {
  id: number;
  step: number;
  at: number;
  madeAt: number;
  lines: { id: number; sku: Sku; quantity: number; refunded: number; restocked: number }[];
  isPaid: boolean;
  isCancelled: boolean;
  refundedMinor: number;
  shippingMinor: number;
}

/** Every state of an order, oldest first: ordered, paid, sometimes larger, given back in part, or cancelled. */
export function historyOf(id: number, madeAt: number, random: () => number): DayOrder[] {
  const pick = (n: number): number => Math.floor(random() * n);
  let state: DayOrder = {
    id,
    step: 0,
    at: madeAt,
    madeAt,
    lines: Array.from({ length: 1 + pick(2) }, (_, i) => ({
      id: id * 10 + i,
      sku: i === 0 ? 'MUG' : 'APRON',
      quantity: 1 + pick(3),
      refunded: 0,
      restocked: 0,
    })),
    isPaid: pick(4) > 0,
    isCancelled: false,
    refundedMinor: 0,
    shippingMinor: pick(2) * 490,
  };
  const states = [state];
  for (let step = 1; step < 5 && !state.isCancelled; step += 1) {
    state = { ...structuredClone(state), step, at: madeAt + step * 1000 };
    const line = state.lines[pick(state.lines.length)];
    const change = pick(6);
    if (!state.isPaid) state.isPaid = true;
    else if (change === 0 && line) line.quantity += 1;
    else if (change <= 2 && line && line.refunded < line.quantity) {
      line.refunded += 1;
      if (change === 1) line.restocked += 1;
      state.refundedMinor += PRICES[line.sku];
    } else if (change === 3) state.isCancelled = true;
    states.push(state);
  }
  return states;
}

export function asShopify(order: DayOrder): Partial<FakeOrder> & { id: number; updatedAt: string } {
  const decimal = (minor: number): string => (minor / 100).toFixed(2);
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    id: order.id,
    createdAt: iso(order.madeAt),
    updatedAt: iso(order.at),
    cancelledAt: order.isCancelled ? iso(order.at) : null,
    status: order.isPaid ? 'PAID' : 'PENDING',
    shipping: decimal(order.shippingMinor),
    refunded: decimal(order.refundedMinor),
    lines: order.lines.map(({ id, sku, quantity }) => ({ id, sku, quantity, price: decimal(PRICES[sku]) })),
    refunds: order.lines.flatMap(({ id, refunded, restocked }) => [
      { line: id, quantity: restocked, restockType: 'RETURN' },
      { line: id, quantity: refunded - restocked, restockType: 'NO_RESTOCK' },
    ]),
  };
}

export function asGeneric(order: DayOrder): Record<string, unknown> {
  return {
    type: 'order.snapshot',
    source: 'market',
    orderId: String(order.id),
    version: order.step,
    updatedAt: new Date(order.at).toISOString(),
    currency: 'EUR',
    paid: order.isPaid,
    cancelled: order.isCancelled,
    shippingMinor: order.shippingMinor,
    refundedMinor: order.refundedMinor,
    lines: order.lines.map(({ id, sku, quantity, refunded, restocked }) => ({
      lineId: String(id),
      sku,
      sold: quantity,
      refunded,
      restocked,
      grossMinor: PRICES[sku] * quantity,
    })),
  };
}

/** What the desk must say, from the newest states alone and by arithmetic of its own. */
export function figuresOf(newest: readonly DayOrder[]): Figures {
  const figures = { count: 0, units: 0, grossMinor: 0, netMinor: 0, refundedMinor: 0, MUG: RESERVE, APRON: RESERVE };
  for (const { lines, isPaid, isCancelled, refundedMinor } of newest) {
    if (!isPaid) continue;
    figures.count += 1;
    let goods = 0;
    for (const { sku, quantity, refunded, restocked } of lines) {
      goods += PRICES[sku] * quantity;
      figures.units += quantity;
      figures[sku] -= quantity - restocked - (isCancelled ? quantity - refunded : 0);
    }
    const back = isCancelled ? goods : Math.min(goods, refundedMinor);
    figures.grossMinor += goods;
    figures.refundedMinor += back;
    figures.netMinor += goods - back;
  }
  return figures;
}

export interface Figures {
  count: number;
  units: number;
  grossMinor: number;
  netMinor: number;
  refundedMinor: number;
  MUG: number;
  APRON: number;
}

export function figuresIn({ sales, stock }: DeskState): Figures {
  const { count, units, grossMinor, netMinor, refundedMinor } = sales;
  const left = (sku: string): number => stock[sku]?.available ?? 0;
  return { count, units, grossMinor, netMinor, refundedMinor, MUG: left('MUG'), APRON: left('APRON') };
}

export async function connectShopify(hub: TestHub, fake: FakeShopify, pollMs: number | null = 1000): Promise<void> {
  await hub.do('set-setting', { key: 'connectors.pollMs', value: pollMs });
  await hub.do('set-setting', { key: 'connectors.shopify.account', value: 'harbour' });
  await hub.do('set-setting', { key: 'connectors.shopify.baseUrl', value: fake.server.url });
  await hub.do('set-setting', { key: 'secret.shopify.clientSecret', value: fake.clientSecret });
  await hub.do('set-setting', { key: 'secret.shopify.clientId', value: fake.clientId });
}

/** @returns the hub's status, or 0 when it is not there */
export async function tellGeneric(ingest: string, body: object, id: string): Promise<number> {
  const text = JSON.stringify(body);
  const at = new Date();
  return deliver(`${ingest}/ingest/generic`, text, {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(INGEST_SECRET).sign(id, at, text),
  });
}

/** Sends again until it is taken, as a vendor does that was told to wait or found nobody. */
export async function insist(send: () => Promise<number>): Promise<void> {
  for (;;) {
    const status = await send();
    if (status === 202) return;
    if (status !== 429 && status !== 0 && status !== 500 && status !== 503) throw new Error(`answered ${status}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Runs the tasks so many at a time. */
export async function inParallel(tasks: readonly (() => Promise<void>)[], width: number): Promise<void> {
  let next = 0;
  const walk = async (): Promise<void> => {
    while (next < tasks.length) await tasks[next++]?.();
  };
  await Promise.all(Array.from({ length: width }, walk));
}

/** Rows of the hub's inbox, read by a connection of its own. */
export function lettersIn(folder: string): { source: string; status: string }[] {
  const shows = join(folder, 'shows');
  return readdirSync(shows).flatMap((show) => {
    const db = new Database(join(shows, show, 'show.db'), { readonly: true });
    const rows = db.prepare('SELECT source, status FROM inbox').all() as { source: string; status: string }[];
    db.close();
    return rows;
  });
}

export const plan = {
  products: [
    { sku: 'MUG', name: 'Blue mug', price: '18.00', reserve: RESERVE },
    { sku: 'APRON', name: 'Apron', price: '24.00', reserve: RESERVE },
  ],
  bundles: [],
  offers: [],
  cues: [],
};
