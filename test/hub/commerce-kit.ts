import { expect } from 'vitest';
import type { Reply } from '../../src/contract/commands.ts';
import { parse } from 'csv-parse/sync';
import { type Report, TABLE_NAMES, type TableName } from '../../src/contract/report-file.ts';
import { parseMinor } from '../../src/domain/money.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { refold } from '../../src/domain/testing.ts';
import { breaches } from '../../src/domain/testing-invariants.ts';
import { nextId, planFile, tempFolder, TestHub } from '../kit/hub.ts';
import { Phone } from '../kit/phone.ts';

/** A market day on a real hub, driven as another program would: commands, state, ledger and files, nothing else. */
export class Market {
  readonly folder = tempFolder('commerce');
  readonly data = `${this.folder.path}/data`;
  hub!: TestHub;
  #saleArgs: string[] = [];

  static async open(
    plan: Record<string, unknown>,
    { args = [], live = true }: { args?: string[]; live?: boolean } = {},
  ): Promise<Market> {
    const market = new Market();
    const bare = { bundles: [], people: [], offers: [], cues: [], tills: [], ...plan };
    market.#saleArgs = ['--floor-host', '127.0.0.1', '--floor-port', '0', ...args];
    market.hub = await TestHub.start({
      data: market.data,
      args: ['--plan', planFile(market.folder.path, bare), ...market.#saleArgs],
    });
    if (live) await market.hub.do('open-show');
    return market;
  }

  async end(): Promise<void> {
    await this.hub.stop();
    this.folder.remove();
  }

  async restart(): Promise<void> {
    await this.hub.kill();
    this.hub = await TestHub.start({ data: this.data, args: this.#saleArgs });
  }

  async ledger(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const { entries: page } = await this.hub.get<{ entries: Entry[] }>(`/api/ledger?after=${after}&limit=1000`);
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  }

  /** The entries alone make a show in which every invariant holds, and it is the one the hub shows. */
  async expectSound(): Promise<Entry[]> {
    const entries = await this.ledger();
    const show = refold(entries);
    expect(breaches(show, entries)).toEqual([]);
    const { stock, sales } = await this.hub.state();
    for (const [sku, pools] of show.stock.cells)
      for (const [pool, { physical, held, committed }] of pools)
        // What is empty need not be shown.
        expect({ sku, pool, ...NOTHING, ...stock[sku]?.pools[pool] }).toMatchObject({
          sku,
          pool,
          physical,
          held,
          committed,
        });
    expect(sales.netMinor).toBe(show.sales.takings.netMinor);
    return entries;
  }

  /** "physical/held/committed/available" of one pool, as the spec's tables write it. */
  async cell(sku: string, pool = 'reserve'): Promise<string> {
    const { physical, held, committed, available } = (await this.hub.state()).stock[sku]?.pools[pool] ?? NOTHING;
    return [physical, held, committed, available].join('/');
  }

  /** Asks, expects a no with this code, and that nothing but missed demand was written. @returns the refusal */
  async refuses(kind: string, body: Record<string, unknown>, code: string): Promise<Refused> {
    const before = (await this.hub.state()).seq;
    const reply = await this.hub.ask(kind, body);
    expect(reply, `${kind} ${JSON.stringify(body)}`).toMatchObject({ ok: false, refusal: { code } });
    if (reply.ok) throw new Error('accepted');
    expect(reply.refusal.message).toMatch(/^\S.*[.!?]$/);
    if (!OF_THE_HOUR.has(code)) expect(reply.refusal.field, `${kind}: ${code} names no field`).toBeTypeOf('string');
    const { entries } = await this.hub.get<{ entries: Entry[] }>(`/api/ledger?after=${before}`);
    const written = entries.filter(({ origin }) => origin !== 'timer').map((entry) => entry.kind);
    expect(written.filter((fact) => fact !== 'demand.missed' && !fact.startsWith('alarm.'))).toEqual([]);
    return reply.refusal;
  }

  async pairTill(till: string, role: 'till' | 'co-host' | 'viewer' = 'till', person?: string): Promise<Phone> {
    const asked = role === 'till' ? { role, till } : { role, ...(person === undefined ? {} : { person }) };
    const { url } = await this.hub.do('invite-device', asked);
    const phone = await Phone.pair(String(url), till);
    if (role === 'till') await this.hub.do('approve-device', { device: phone.id, code: phone.code });
    await phone.connect();
    return phone;
  }

  /** Counts every product as the books have it, and closes. @returns the reply of `finish-close` */
  async close(overrideReason?: string): Promise<Record<string, unknown>> {
    await this.hub.do('close-show');
    const entries = await this.ledger();
    for (const [sku, pools] of refold(entries).stock.cells) {
      const goods = [...pools].reduce((sum, [pool, cell]) => sum + (pool === 'preorder' ? 0 : cell.physical), 0);
      await this.hub.do('count-stock', { sku, counted: goods });
    }
    return this.hub.do('finish-close', overrideReason === undefined ? {} : { overrideReason });
  }

  async report(version = 1): Promise<Report> {
    return this.hub.get<Report>(`/api/files/close-v${version}/report.json`);
  }

  async fileText(path: string): Promise<string> {
    return (await this.hub.fetch(`/api/files/${path}`)).text();
  }
}

/** Every cell of every csv file says what report.json says, money in decimals of the currency. */
export async function expectFilesAgree(market: Market, version = 1): Promise<Report> {
  const report = await market.report(version);
  const { currency } = (await market.hub.state()).show ?? { currency: '' };
  for (const name of TABLE_NAMES) {
    const text = await market.fileText(`close-v${version}/csv/${name}.csv`);
    const [header, ...rows] = parse(text, { bom: true, relax_column_count: false }) as string[][];
    const { columns, rows: cells } = report.tables[name];
    expect(rows.length, name).toBe(cells.length);
    columns.forEach(({ key, type }, i) => {
      if (type !== 'money') return;
      const at = header?.findIndex((title) => title === key) ?? -1;
      expect(at, `${name}.${key}`).toBeGreaterThanOrEqual(0);
      const read = rows.map((row) => (row[at] === '' ? null : parseMinor(row[at] ?? '', currency)));
      expect(read, `${name}.${key}`).toEqual(cells.map((row) => row[i] ?? null));
    });
  }
  for (const { check, left, right } of rowsOf(report, 'checks')) expect([check, left]).toEqual([check, right]);
  return report;
}

/** Refusals that no other value would have turned into a yes: it is not the hour, or not theirs to ask. */
const OF_THE_HOUR = new Set([
  'show-not-open',
  'show-is-live',
  'already-open',
  'not-open',
  'not-closing',
  'blocked',
  'preflight-blocks',
  'not-allowed',
  'already-handed-over',
  'plan-invalid',
]);

const NOTHING = { physical: 0, held: 0, committed: 0, available: 0 };

export interface Refused {
  code: string;
  message: string;
  field?: string;
  [detail: string]: unknown;
}

/** A table of report.json as records by column key. */
export function rowsOf(report: Report, name: TableName): Record<string, string | number | boolean | null>[] {
  const { columns, rows } = report.tables[name];
  return rows.map((row) => Object.fromEntries(columns.map(({ key }, i) => [key, row[i] ?? null])));
}

export const lines = (...list: [sku: string, quantity: number][]) => ({
  lines: list.map(([sku, quantity]) => ({ sku, quantity })),
});
export const byCard = { channel: 'in-person', tender: 'card' } as const;
export const inCash = { channel: 'in-person', tender: 'cash' } as const;

export function refusalOf(reply: Reply): Refused {
  if (reply.ok) throw new Error(`accepted: ${JSON.stringify(reply)}`);
  return reply.refusal;
}

export { nextId };
