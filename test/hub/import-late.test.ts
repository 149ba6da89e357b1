import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';
import { plan } from './outside-kit.ts';

/** Files that are brought when the show is closed: its own orders make the next version, later ones only tell of buyers. */
let folder: ReturnType<typeof tempFolder>;
let hub: TestHub;
const HEAD =
  'Name,Email,Financial Status,Paid at,Created at,Currency,Subtotal,Shipping,Taxes,Total,Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Payment Method,Id';

beforeEach(async () => {
  folder = tempFolder('late');
  hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, plan)] });
  await hub.do('open-show');
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

function row(id: number, at: Date, refunded = '0.00', email = ''): string {
  const time = at.toISOString();
  const status = refunded === '0.00' ? 'paid' : 'partially_refunded';
  return `#${id},${email},${status},${time},${time},EUR,36.00,0.00,0.00,36.00,${refunded},2,Mug,18.00,MUG,Card,${id}`;
}
const bring = (...rows: string[]) =>
  hub.do('import-file', { what: 'sales', name: 'orders.csv', text: [HEAD, ...rows].join('\n') });
const bytesOf = (version: number): string[] => {
  const show = readdirSync(join(folder.path, 'shows'))[0] ?? '';
  const place = join(folder.path, 'shows', show, `close-v${version}`);
  return readdirSync(place)
    .sort()
    .flatMap((name) => (name.includes('.') ? [readFileSync(join(place, name), 'hex')] : []));
};

test(
  'its own late orders and refunds go into close-v2; later ones are buyers who came back',
  { timeout: 60_000 },
  async () => {
    const during = new Date();
    expect(await bring(row(1, during))).toMatchObject({ added: 1, observed: 0 });
    await hub.do('close-show');
    await hub.do('finish-close', { overrideReason: 'a test' });
    const refused = await hub.ask('finish-close');
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'not-closing' } });
    const first = bytesOf(1);
    const before = await hub.state();
    const tomorrow = new Date(Date.now() + 86_400_000);
    const later = [row(7, tomorrow, '0.00', 'ana@example.org'), row(8, tomorrow)];
    const file = [row(1, during, '18.00'), row(2, during), ...later];
    const reply = await bring(...file);
    expect(reply).toMatchObject({ added: 1, changed: 1, observed: 1, unchanged: 1 });
    expect(reply['note']).toMatch(/2 of its own orders and refunds are booked.*close-v2.*1 made after it/);
    const after = await hub.state();
    expect(after.sales).toMatchObject({ count: before.sales.count + 1, netMinor: 3600 + 3600 - 1800 });
    expect((before.stock['MUG']?.physical ?? 0) - (after.stock['MUG']?.physical ?? 0)).toBe(2);
    expect(await bring(...file)).toMatchObject({ added: 0, changed: 0, observed: 0, unchanged: 4 });
    const again = await hub.do('finish-close');
    expect(JSON.stringify(again['files'])).toContain('close-v2/report.json');
    expect(bytesOf(1)).toEqual(first);
    expect(await hub.ask('finish-close')).toMatchObject({ ok: false, refusal: { code: 'not-closing' } });
  },
);
