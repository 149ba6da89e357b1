import { expect, test } from 'vitest';
import type { FloorJoined } from '../../src/contract/messages.ts';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';
import { Phone } from '../kit/phone.ts';

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

test('a screen that tells what it holds, or wants to join, does not end a hub whose disk is full', async () => {
  const folder = tempFolder('full-floor');
  const hub = await TestHub.start({
    data: folder.path,
    args: ['--plan', planFile(folder.path, plan), '--floor-host', '127.0.0.1'],
  });
  await hub.do('open-show');
  const invite = async (person: string): Promise<string> =>
    String((await hub.do('invite-device', { role: 'co-host', person }))['url']);
  const phone = await Phone.pair(await invite('ana'), 'Phone');
  await phone.connect();
  await until('the first view', () => phone.view);
  phone.socket?.off('view');
  const second = await invite('ben');
  // Many at once, so that what the screen reports of them is more than whatever room is left in a page.
  for (let n = 1; n <= 30; n += 1) await hub.do('send-message', { to: ['ana'], text: `Two minutes, ${n}` });
  await hub.do('set-setting', { key: 'storage.maxPages', value: 1 });
  for (const fill of ['record-sale', 'mark-moment'])
    while ((await hub.ask(fill, fill === 'record-sale' ? mug : {})).ok) expect(hub.process.exitCode).toBeNull();
  const failures = (): number => hub.stderr.filter((line) => line.includes('append-failed')).length;
  const before = failures();

  const { view, viewSeq } = (await phone.socket?.emitWithAck('join', {})) as FloorJoined;
  expect(view.messages.length).toBeGreaterThan(0);
  phone.socket?.emit('report', { viewSeq, visible: true, awake: null, unsent: 0 });
  await until('the report could not be saved', () => failures() > before);
  await expect(Phone.pair(second, 'Phone')).rejects.toThrow('storage-failed');
  expect((await hub.state()).storage.level).toBe('critical');

  await hub.do('set-setting', { key: 'storage.maxPages', value: null });
  phone.socket?.emit('report', { viewSeq, visible: true, awake: null, unsent: 0 });
  const isDelivered = async (): Promise<boolean> =>
    (await hub.get<{ entries: { kind: string }[] }>('/api/ledger')).entries.some(
      ({ kind }) => kind === 'cue.delivered',
    );
  await until('the report is saved', isDelivered);
  (await Phone.pair(second, 'Phone')).close();
  phone.close();
  await hub.stop();
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
