import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeskState } from '../../src/contract/desk-state.ts';
import { FakeShopify } from '../fakes/fake-shopify.ts';
import { FakeStripe } from '../fakes/fake-stripe.ts';
import { deliver } from '../fakes/vendor-server.ts';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';
import { connectShopify, plan } from './outside-kit.ts';

/** What a person is told, and what stands in the way, when something outside goes wrong. */
let folder: ReturnType<typeof tempFolder>;
let fake: FakeShopify;
let hub: TestHub;

beforeEach(async () => {
  folder = tempFolder('trouble');
  fake = new FakeShopify();
  await fake.server.start();
  const args = ['--plan', planFile(folder.path, plan), '--ingest-port', '0'];
  hub = await TestHub.start({ data: folder.path, args });
  await hub.do('open-show');
});
afterEach(async () => {
  await hub.stop();
  await fake.server.stop();
  folder.remove();
});

const ingestUrl = (): string => hub.ready.ingest ?? '';
const rowOf = ({ connectors }: DeskState, id: string) => connectors.find((each) => each.id === id);
const blockersOf = ({ close }: DeskState): string[] => (close?.blockers ?? []).map(({ code }) => code);

test('Stripe’s webhooks refused for the clock alone say so on its row, until one is taken (CON-14)', async () => {
  const stripe = new FakeStripe();
  const secret = 'whsec_stripe_of_a_test';
  await hub.do('set-setting', { key: 'secret.stripe.webhookSecret', value: secret });
  const now = Math.floor(Date.now() / 1000);
  stripe.pay('pi_1', now);
  const send = (key: string, at: number) => {
    const { headers, body } = stripe.delivery(0, key, at);
    return deliver(`${ingestUrl()}/ingest/stripe`, body, headers);
  };
  expect(await send('whsec_forged', now - 1200)).toBe(401);
  expect(rowOf(await hub.state(), 'shop-stripe')).toBeUndefined();
  expect(await send(secret, now - 1200)).toBe(401);
  const row = rowOf(await hub.state(), 'shop-stripe');
  expect(row).toMatchObject({
    state: 'down',
    message: expect.stringContaining('clock is about 20 min ahead') as string,
  });
  expect(await send(secret, now)).toBe(202);
  expect(rowOf(await hub.state(), 'shop-stripe')).toBeUndefined();
});

test('letters that wait and a shop that is away stand in the way of the close, and may be passed (CLS-2)', async () => {
  await connectShopify(hub, fake, null);
  await until('the shop was read', async () =>
    /Last good/.test(rowOf(await hub.state(), 'shop-shopify')?.message ?? ''),
  );
  fake.put({
    id: 1,
    updatedAt: new Date().toISOString(),
    lines: [{ id: 10, sku: 'MUG', quantity: 1, price: '18.00' }],
  });
  fake.server.isDown = true;
  expect(await fake.tell(ingestUrl(), 1)).toBe(202);
  await hub.do('close-show');
  const codes = await until('both block', async () => {
    const found = blockersOf(await hub.state());
    return found.includes('letters-pending') && found.includes('connector-behind') ? found : null;
  });
  expect(codes.indexOf('letters-pending')).toBeLessThan(codes.indexOf('connector-behind'));
  const refused = await hub.ask('finish-close');
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'blocked' } });
  await hub.do('close-show', { overrideReason: 'the shop is away for good' });
  expect(blockersOf(await hub.state())).not.toContain('letters-pending');
  expect(blockersOf(await hub.state())).not.toContain('connector-behind');
});

test('one order that cannot be read is a dead letter; all others are booked, and it comes in once it can be read', async () => {
  const at = (second: number): string => new Date(Date.now() + second * 1000).toISOString();
  const mug = (id: number, price = '18.00') => ({ lines: [{ id: id * 10, sku: 'MUG', quantity: 1, price }] });
  for (const id of [1, 2, 3]) fake.put({ id, updatedAt: at(id), ...mug(id, id === 2 ? '18.005' : '18.00') });
  await connectShopify(hub, fake);
  await until('the others are booked', async () => (await hub.state()).sales.count === 2);
  const row = await until('it is said on the row', async () => {
    const found = rowOf(await hub.state(), 'shop-shopify');
    return found && /cannot be read/.test(found.message) ? found : null;
  });
  expect(row).toMatchObject({ state: 'up', message: expect.stringMatching(/\(2\).*Last good/) as string });
  const asked = fake.server.asks.length;
  await until('it goes on asking', () => Promise.resolve(fake.server.asks.length > asked + 2));
  const { settle } = await hub.state();
  const letters = settle.rows.filter(({ kind }) => kind === 'letter');
  expect(letters).toMatchObject([{ what: expect.stringContaining('order 2 cannot be read') as string }]);
  await hub.do('close-show');
  expect(blockersOf(await hub.state())).toContain('dead-letters');
  fake.put({ id: 2, updatedAt: at(9), ...mug(2) });
  await hub.do('retry-letter', { letter: letters[0]?.subject['letter'] });
  await until('it is booked', async () => (await hub.state()).sales.count === 3);
  await until('nothing waits', async () => !blockersOf(await hub.state()).includes('dead-letters'));
});
