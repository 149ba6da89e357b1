import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';

const mug = (id: string) => ({ id, lines: [{ sku: 'MUG', quantity: 1 }], channel: 'in-person', tender: 'cash' });

/** F3: the disk says no to a flush. Needs ptrace (strace), so it is not part of `npm test`. */
async function hubOnBadDisk(failing: string) {
  const folder = tempFolder('fsync');
  const products = [{ sku: 'MUG', name: 'Mug', price: '18.00', reserve: 10_000 }];
  const plan = planFile(folder.path, { products, bundles: [], offers: [], cues: [] });
  const hub = await TestHub.start({ data: folder.path, args: ['--plan', plan] });
  await hub.do('open-show');
  const trace = join(folder.path, 'strace.txt');
  const strace = spawn(
    'strace',
    [
      '-f',
      '-p',
      String(hub.process.pid),
      '-e',
      'trace=fdatasync,fsync',
      '-e',
      `inject=fdatasync,fsync:error=EIO:when=${failing}`,
      '-o',
      trace,
    ],
    { stdio: 'ignore' },
  );
  await until('strace is attached', () =>
    /TracerPid:\s+[1-9]/.test(readFileSync(`/proc/${hub.process.pid}/status`, 'utf8')),
  );
  return { hub, folder, detach: () => strace.kill('SIGINT') };
}

test('a sale whose flush failed is not acknowledged; the next ones are, and all of those are kept', async () => {
  const { hub, folder, detach } = await hubOnBadDisk('5+7');
  const acked: string[] = [];
  let refused = 0;
  for (let n = 0; n < 120; n += 1) {
    const reply = await hub.ask('record-sale', mug(`sale-${n}`));
    if (reply.ok) acked.push(String(reply['saleId']));
    else {
      expect(reply.refusal.code).toBe('storage-failed');
      refused += 1;
    }
  }
  detach();
  expect(refused).toBeGreaterThan(5);
  await hub.do('record-sale', mug('after'));
  await hub.kill();
  const again = await TestHub.start({ data: folder.path });
  const { entries } = await again.get<{ entries: { kind: string; body: { saleId?: string } }[] }>(
    '/api/ledger?after=0&limit=5000',
  );
  const kept = new Set(entries.filter(({ kind }) => kind === 'sale.recorded').map(({ body }) => body.saleId));
  expect(acked.filter((id) => !kept.has(id))).toEqual([]);
  expect(await again.do('verify-ledger')).toMatchObject({ firstBadSeq: null });
  await again.stop();
  folder.remove();
});

test('control: without a failing flush nothing is refused', async () => {
  const { hub, folder, detach } = await hubOnBadDisk('60000');
  for (let n = 0; n < 40; n += 1) expect((await hub.ask('record-sale', mug(`sale-${n}`))).ok).toBe(true);
  detach();
  await hub.stop();
  folder.remove();
});
