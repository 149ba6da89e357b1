import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { obsModel } from './fake-obs-model.ts';
import type { ObsFigures, ObsModel } from './fake-obs-model.ts';

/**
 * An OBS that is not there: obs-websocket 5 (JSON) on loopback, so that the demo and the tests go through the connector's
 * ordinary door. It speaks the protocol for real (greeting, password, requests, batches, events); its figures are set.
 */
export interface FakeObs {
  /** `ws://127.0.0.1:<port>` */
  url: string;
  /** Changes figures from now on; counters go on growing at the new rates. Sends no event by itself. */
  set(change: Partial<ObsFigures>): void;
  figures(): Readonly<ObsFigures>;
  /** Sends an event to every identified client, e.g. `emit('StreamStateChanged', { outputActive: false, … })`. */
  emit(eventType: string, eventData: Record<string, unknown>): void;
  /** Keeps every connection open and answers nothing, as a hung OBS does. */
  freeze(): void;
  thaw(): void;
  /** Cuts every connection, as a killed OBS does. */
  close(): Promise<void>;
}

export interface FakeObsOptions {
  password?: string;
  /** 0 picks a free one */
  port?: number;
  figures?: Partial<ObsFigures>;
}

/** Operation codes of obs-websocket 5, see its protocol.md. */
const OP = {
  hello: 0,
  identify: 1,
  identified: 2,
  reidentify: 3,
  event: 5,
  request: 6,
  response: 7,
  batch: 8,
  batchResponse: 9,
} as const;
const CLOSE = { undecodable: 4002, notIdentified: 4007, wrongPassword: 4009 } as const;
const UNKNOWN_REQUEST = 204;

export async function startFakeObs(options: FakeObsOptions = {}): Promise<FakeObs> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    // JSON only: a client that wants MessagePack (`obs-websocket-js` without `/json`) fails at once instead of hanging.
    handleProtocols: (offered) => offered.has('obswebsocket.json') && 'obswebsocket.json',
  });
  const model = obsModel(() => performance.now(), options.figures);
  const identified = new Set<WebSocket>();
  let isFrozen = false;

  function emit(eventType: string, eventData: Record<string, unknown>): void {
    for (const socket of identified) send(socket, OP.event, { eventType, eventIntent: 64, eventData });
  }

  server.on('connection', (socket) => {
    const greeting = greetingFor(options.password);
    send(socket, OP.hello, { obsWebSocketVersion: '5.6.3', rpcVersion: 1, ...greeting.hello });
    socket.on('close', () => identified.delete(socket));
    socket.on('message', (raw) => {
      if (isFrozen) return;
      const message = readMessage(raw);
      if (!message) return socket.close(CLOSE.undecodable, 'not a message');
      if (message.op === OP.identify) {
        if (!greeting.isProof(message.d['authentication']))
          return socket.close(CLOSE.wrongPassword, 'Authentication failed.');
        identified.add(socket);
        return send(socket, OP.identified, { negotiatedRpcVersion: 1 });
      }
      if (!identified.has(socket)) return socket.close(CLOSE.notIdentified, 'identify first');
      reply(socket, message, model, emit);
    });
  });

  await once(server, 'listening');
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (model.figures().ingest === '') model.set({ ingest: `rtmp://${place}/live` });
  return {
    url: `ws://${place}`,
    set: model.set,
    figures: model.figures,
    emit,
    freeze: () => void (isFrozen = true),
    thaw: () => void (isFrozen = false),
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((done, failed) => server.close((fault) => (fault ? failed(fault) : done())));
    },
  };
}

type Emit = FakeObs['emit'];
interface Message {
  op: number;
  d: Record<string, unknown>;
}

function reply(socket: WebSocket, message: Message, model: ObsModel, emit: Emit): void {
  switch (message.op) {
    case OP.request:
      return send(socket, OP.response, answerTo(message.d, model, emit));
    case OP.batch: {
      const requests = Array.isArray(message.d['requests']) ? message.d['requests'] : [];
      const results = requests.map((request: unknown) => answerTo(isRecord(request) ? request : {}, model, emit));
      return send(socket, OP.batchResponse, { requestId: message.d['requestId'], results });
    }
    case OP.reidentify:
      return send(socket, OP.identified, { negotiatedRpcVersion: 1 });
  }
}

function answerTo(request: Record<string, unknown>, model: ObsModel, emit: Emit): Record<string, unknown> {
  const requestType = String(request['requestType']);
  const head = { requestType, requestId: request['requestId'] };
  const isDone = act(requestType, isRecord(request['requestData']) ? request['requestData'] : {}, model, emit);
  if (isDone) return { ...head, requestStatus: { result: true, code: 100 } };
  const responseData = model.answer(requestType);
  if (!responseData)
    return {
      ...head,
      requestStatus: { result: false, code: UNKNOWN_REQUEST, comment: `The fake OBS does not know ${requestType}.` },
    };
  return { ...head, requestStatus: { result: true, code: 100 }, responseData };
}

/** The few requests that change something, with the events that OBS sends for them. */
function act(requestType: string, data: Record<string, unknown>, model: ObsModel, emit: Emit): boolean {
  const state = (name: string): { outputActive: boolean; outputState: string } => ({
    outputActive: name === 'STARTED',
    outputState: `OBS_WEBSOCKET_OUTPUT_${name}`,
  });
  const outputPath = model.figures().recordFile;
  switch (requestType) {
    case 'StartStream':
      model.set({ streaming: true });
      emit('StreamStateChanged', state('STARTED'));
      return true;
    case 'StopStream':
      model.set({ streaming: false });
      emit('StreamStateChanged', state('STOPPED'));
      return true;
    case 'StartRecord':
      model.set({ recording: true });
      emit('RecordStateChanged', { ...state('STARTED'), outputPath });
      return true;
    case 'StopRecord':
      model.set({ recording: false });
      emit('RecordStateChanged', { ...state('STOPPED'), outputPath });
      return true;
    case 'SetCurrentProgramScene': {
      const sceneName = String(data['sceneName']);
      model.set({ scene: sceneName });
      emit('CurrentProgramSceneChanged', { sceneName, sceneUuid: sceneName });
      return true;
    }
    default:
      return false;
  }
}

/** obs-websocket's password proof: base64(sha256(base64(sha256(password + salt)) + challenge)). */
function greetingFor(password: string | undefined): {
  hello: Record<string, unknown>;
  isProof(proof: unknown): boolean;
} {
  if (password === undefined) return { hello: {}, isProof: () => true };
  const salt = randomBytes(32).toString('base64');
  const challenge = randomBytes(32).toString('base64');
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  const expected = hash(hash(password + salt) + challenge);
  return { hello: { authentication: { challenge, salt } }, isProof: (proof) => proof === expected };
}

function readMessage(raw: RawData): Message | null {
  try {
    const message: unknown = JSON.parse(raw.toString());
    if (!isRecord(message) || typeof message['op'] !== 'number' || !isRecord(message['d'])) return null;
    return { op: message['op'], d: message['d'] };
  } catch {
    return null; // answered with the protocol's close code for an undecodable message
  }
}

function send(socket: WebSocket, op: number, d: Record<string, unknown>): void {
  socket.send(JSON.stringify({ op, d }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
