import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AuditCheckView } from '../../src/contract/audit-state.ts';
import { AUDIT_CHECKS } from '../../src/domain/audit/catalogue.ts';
import { GOOD_MANNERS } from './edge.ts';
import { type ShowWish, type StreamShow, startShow } from './show.ts';

/** A rig on which every check of the audit has something to look at, and nothing to find. */
export async function startAuditShow(wish: ShowWish = {}): Promise<StreamShow> {
  const sink = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(201).end());
  });
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const { port } = sink.address() as { port: number };
  const show = await startShow({
    picture: { width: 320, height: 180, fps: 24, kbps: 400 },
    phase: 'planned',
    ...wish,
    stream: (rig) => ({ audioInputs: ['Film'], shopOrigin: 'https://shop.example', ...wish.stream?.(rig) }),
  });
  show.rig.edge.behave(GOOD_MANNERS);
  const set = async (key: string, value: unknown): Promise<void> =>
    void (await show.hub.do('set-setting', { key, value }));
  await set('preflight.testStream', true);
  await set('preflight.sinkUrl', `http://127.0.0.1:${port}/`);
  await set('failover.contact', 'Ana, +351 000');
  await set('failover.confirms', 'Ben');
  await untilArmed(show);
  return {
    ...show,
    stop: async () => {
      await show.stop();
      sink.close();
      sink.closeAllConnections();
    },
  };
}

/** As soon as OBS has told its scenes. */
async function untilArmed({ hub, pause }: StreamShow): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    if ((await hub.ask('arm-failover', { mode: 'confirm' })).ok) return;
    await pause(200);
  }
  throw new Error('failover was not armed');
}

/** Runs one check again. */
export async function rerun({ hub }: StreamShow, id: string): Promise<AuditCheckView> {
  await hub.do('run-preflight', { checks: [id] });
  const found = (await hub.state()).audit.checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

/** Prints the stream's own checks. @returns them, those that have run */
export async function auditTable({ hub }: StreamShow, title: string): Promise<AuditCheckView[]> {
  const { audit } = await hub.state();
  const own = audit.checks.filter(({ id, result }) => result !== null && AUDIT_CHECKS.some((check) => check.id === id));
  const lines = own.map(({ id, result, tookMs, evidence }) =>
    [id.padEnd(8), String(result).padEnd(8), `${tookMs} ms`.padStart(9), ` ${evidence}`].join(' '),
  );
  console.log([title, ...lines].join('\n'));
  return own;
}

/** All of OBS that an audit might disturb. */
export async function obsAsItIs({ rig }: StreamShow): Promise<Record<string, unknown>> {
  const ask = async (request: string, asked?: Record<string, unknown>): Promise<Record<string, unknown>> =>
    await rig.hand.call(request, asked, 5000);
  const { outputActive: streams } = await ask('GetStreamStatus');
  const { outputActive: records } = await ask('GetRecordStatus');
  const { currentProgramSceneName: scene } = await ask('GetCurrentProgramScene');
  const { transitionName, transitionDuration } = await ask('GetCurrentSceneTransition');
  const { studioModeEnabled } = await ask('GetStudioModeEnabled');
  const { inputMuted } = await ask('GetInputMute', { inputName: 'Film' });
  return {
    ...{ streams, records, scene, transitionName, transitionDuration, studioModeEnabled, inputMuted },
    service: await ask('GetStreamServiceSettings'),
  };
}
