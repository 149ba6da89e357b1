import { expect, test } from 'vitest';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'cash' };
const plan = {
  products: [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: 100_000 }],
  bundles: [],
  offers: [],
  cues: [],
};

test('a full disk refuses with a sentence, loses nothing that was acknowledged, and sells again when there is room', async () => {
  const folder = tempFolder('full');
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, plan)] });
  await hub.do('open-show');
  await hub.do('record-sale', mug);
  // A ceiling on the file's pages does what a full disk does.
  await hub.do('set-setting', { key: 'storage.maxPages', value: 1 });
  let sold = 1;
  let refusal: { code: string; message: string } | null = null;
  while (refusal === null) {
    const reply = await hub.ask('record-sale', mug);
    if (reply.ok) sold += 1;
    else refusal = reply.refusal;
    expect(sold).toBeLessThan(20_000);
  }
  expect(refusal).toMatchObject({ code: 'disk-full', message: expect.stringContaining('full') });
  const full = await until(
    'the desk says so',
    async () => ((await hub.state()).storage.level === 'critical' ? hub.state() : null),
    2000,
  );
  expect(full.sales.count).toBe(sold);

  await hub.do('set-setting', { key: 'storage.maxPages', value: null });
  await hub.do('record-sale', mug);
  const again = await hub.state();
  expect(again.storage.level).toBe('ok');
  expect(again.sales.count).toBe(sold + 1);
  expect(await hub.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
  await hub.kill();
  const after = await TestHub.start({ data: folder.path });
  expect((await after.state()).sales.count).toBe(sold + 1);
  await after.stop();
  folder.remove();
});

test('control: without the ceiling the same sales go through', async () => {
  const folder = tempFolder('roomy');
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', planFile(folder.path, plan)] });
  await hub.do('open-show');
  for (let n = 0; n < 200; n += 1) expect((await hub.ask('record-sale', mug)).ok).toBe(true);
  await hub.stop();
  folder.remove();
});
