import { io } from 'socket.io-client';
import { planFile, tempFolder, TestHub } from '../kit/hub.ts';
import { Phone } from '../kit/phone.ts';
import { ms, row } from './figures.ts';

const TILLS = 12;
const TILL_SECONDS = 20;
/** ms between two sales of one till */
const TILL_EVERY = 500;

/** Twelve tills over sockets, each two sales a second (TIL-1), and the desk's own socket beside them. */
export async function tills(): Promise<void> {
  const folder = tempFolder('bench');
  const plan = planFile(folder.path, {
    products: Array.from({ length: 40 }, (_, n) => ({
      sku: `SKU-${n}`,
      name: `Product number ${n}`,
      price: '18.00',
      reserve: 10_000,
      barcode: String(4_006_381_333_000 + n),
    })),
    bundles: [],
    offers: [],
    cues: [],
    tills: Array.from({ length: TILLS }, (_, n) => ({ id: `till-${n + 1}`, name: `Till ${n + 1}` })),
  });
  const args = ['--plan', plan, '--floor-host', '127.0.0.1', '--floor-port', '0'];
  const hub = await TestHub.start({ data: folder.path, args });
  await hub.do('open-show');
  const phones: Phone[] = [];
  for (let n = 1; n <= TILLS; n += 1) {
    const { url } = await hub.do('invite-device', { role: 'till', till: `till-${n}` });
    const phone = await Phone.pair(String(url), `Till ${n}`);
    await hub.do('approve-device', { device: phone.id });
    await phone.connect();
    phones.push(phone);
  }
  const heard = new Map<string, number>();
  const desk = io(`${hub.ready.desk}/desk`, { transports: ['websocket'], auth: { token: hub.ready.token } });
  desk.on('entries', ({ entries }: { entries: { kind: string; body: { receipt?: string } }[] }) => {
    for (const { kind, body } of entries) {
      if (kind === 'sale.recorded' && body.receipt) heard.set(body.receipt, performance.now());
    }
  });
  await new Promise<void>((done) => desk.on('connect', done));
  await desk.emitWithAck('join', { afterSeq: null, epoch: null });
  // Every till gets its leases when it joins; selling is what is measured.
  await pause(3000);
  const sent = new Map<string, number>();
  const acks: number[] = [];
  await Promise.all(
    phones.map(async (phone, till) => {
      // Tills do not press in step.
      await pause((till * TILL_EVERY) / TILLS);
      const started = performance.now();
      for (let n = 0; performance.now() - started < TILL_SECONDS * 1000; n += 1) {
        const receipt = `till-${till + 1}-${String(n + 1).padStart(6, '0')}`;
        const lines = [{ sku: `SKU-${(till + n) % 40}`, quantity: 1 }];
        const at = performance.now();
        sent.set(receipt, at);
        const reply = await phone.send('record-sale', { lines, channel: 'in-person', tender: 'card', receipt });
        if (!reply.ok) throw new Error(reply.refusal.message);
        acks.push(performance.now() - at);
        await pause(started + (n + 1) * TILL_EVERY - performance.now());
      }
    }),
  );
  await pause(500);
  const shown = [...sent].map(([receipt, at]) => (heard.get(receipt) ?? NaN) - at);
  const what = `${TILLS} tills, ${(acks.length / TILL_SECONDS).toFixed(0)} sales a second`;
  row(`${what}: answered`, `p50 ${ms(acks, 50)}  p95 ${ms(acks, 95)}`, 'goal p95 under 100 ms');
  row(`${what}: on the desk`, `p50 ${ms(shown, 50)}  p95 ${ms(shown, 95)}`, 'goal under 250 ms');
  row('view of a till, 40 products', `${JSON.stringify(phones[0]?.view).length} bytes`, 'goal under 4 kB');
  desk.disconnect();
  phones.forEach((phone) => phone.close());
  await hub.stop();
  folder.remove();
}

function pause(forMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, Math.max(0, forMs)));
}
