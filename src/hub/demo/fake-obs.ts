import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { type Emit, NOT_FOUND, ObsActs } from './fake-obs-acts.ts';
import { isQuestion } from './fake-obs-answers.ts';
import type { ObsFigures } from './fake-obs-figures.ts';
import { type ObsModel, obsModel } from './fake-obs-model.ts';

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
  emit: Emit;
  /** The ingest hangs up: RECONNECTING, then attempts every `retryMs` until the server that is set is not dead. */
  hangUp(): void;
  /** Every request of every client so far, those of a batch one by one, oldest first. */
  requests(): readonly FakeRequest[];
  /** how often levels were sent to anybody */
  meterings(): number;
  /** Keeps every connection open and answers nothing, as a hung OBS does. */
  freeze(): void;
  thaw(): void;
  /** Cuts every connection and takes new ones. */
  cut(): void;
  /** Cuts every connection, as a killed OBS does. */
  close(): Promise<void>;
}

export interface FakeRequest {
  requestType: string;
  requestData: Record<string, unknown>;
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
  const clients = new Clients();
  const acts = new ObsActs(model, clients.emit);
  const requests: FakeRequest[] = [];
  let isFrozen = false;

  server.on('connection', (socket) => {
    const greeting = greetingFor(options.password);
    send(socket, OP.hello, { obsWebSocketVersion: '5.6.3', rpcVersion: 1, ...greeting.hello });
    socket.on('close', () => clients.subscriptions.delete(socket));
    socket.on('message', (raw) => {
      if (isFrozen) return;
      const message = readMessage(raw);
      if (!message) return socket.close(CLOSE.undecodable, 'not a message');
      const isKnown = clients.subscriptions.has(socket);
      if (message.op === OP.identify || (message.op === OP.reidentify && isKnown)) {
        if (!isKnown && !greeting.isProof(message.d['authentication']))
          return socket.close(CLOSE.wrongPassword, 'Authentication failed.');
        clients.subscriptions.set(socket, Number(message.d['eventSubscriptions'] ?? 0));
        return send(socket, OP.identified, { negotiatedRpcVersion: 1 });
      }
      if (!isKnown) return socket.close(CLOSE.notIdentified, 'identify first');
      const answer: Reply = (request) => {
        requests.push(request);
        return answerTo(request, model, acts);
      };
      reply(socket, message, answer, ({ requestType }) =>
        requestType === 'GetSourceScreenshot' ? model.figures().screenshotMs : 0,
      );
    });
  });
  const meters = setInterval(() => {
    if (!isFrozen) clients.meter(model.figures());
  }, METER_MS);

  await once(server, 'listening');
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { service } = model.figures();
  if (service.settings['server'] === '')
    model.set({ service: { ...service, settings: { ...service.settings, server: `rtmp://${place}/live` } } });
  return {
    url: `ws://${place}`,
    set: model.set,
    figures: model.figures,
    emit: clients.emit,
    hangUp: () => acts.hangUp(),
    requests: () => requests,
    meterings: () => clients.meterings,
    freeze: () => void (isFrozen = true),
    thaw: () => void (isFrozen = false),
    cut() {
      for (const client of server.clients) client.terminate();
    },
    async close() {
      clearInterval(meters);
      acts.stop();
      for (const client of server.clients) client.terminate();
      await new Promise<void>((done, failed) => server.close((fault) => (fault ? failed(fault) : done())));
    },
  };
}

/** Those who identified themselves, with what they want to hear. */
class Clients {
  readonly subscriptions = new Map<WebSocket, number>();
  meterings = 0;

  readonly emit: Emit = (eventType, eventData) => {
    for (const socket of this.subscriptions.keys()) send(socket, OP.event, { eventType, eventIntent: 64, eventData });
  };

  /** Levels go only to those who asked for them, 20 times a second. */
  meter({ inputs }: ObsFigures): void {
    for (const [socket, mask] of this.subscriptions) {
      if ((mask & METERS) === 0) continue;
      const eventData = {
        inputs: inputs.flatMap(({ name, peakDb, muted }) => {
          if (peakDb === null) return [];
          const mul = 10 ** (peakDb / 20);
          // magnitude and peak after the fader, which a mute takes to nothing; then the peak before it
          const level = [muted ? 0 : mul * 0.7, muted ? 0 : mul, mul];
          return [{ inputName: name, inputUuid: name, inputLevelsMul: [level, level] }];
        }),
      };
      this.meterings += 1;
      send(socket, OP.event, { eventType: 'InputVolumeMeters', eventIntent: METERS, eventData });
    }
  }
}

/** EventSubscription::InputVolumeMeters */
const METERS = 1 << 16;
const METER_MS = 50;

interface Message {
  op: number;
  d: Record<string, unknown>;
}

type Reply = (request: FakeRequest) => Record<string, unknown>;

function reply(socket: WebSocket, message: Message, answer: Reply, delayOf: (request: FakeRequest) => number): void {
  switch (message.op) {
    case OP.request: {
      const request = readRequest(message.d);
      const response = { ...answer(request), requestId: message.d['requestId'] };
      const ms = delayOf(request);
      if (ms <= 0) return send(socket, OP.response, response);
      setTimeout(() => send(socket, OP.response, response), ms);
      return;
    }
    case OP.batch: {
      const requests = Array.isArray(message.d['requests']) ? message.d['requests'] : [];
      const results = requests.map((request: unknown) => {
        const one = isRecord(request) ? request : {};
        return { ...answer(readRequest(one)), requestId: one['requestId'] };
      });
      return send(socket, OP.batchResponse, { requestId: message.d['requestId'], results });
    }
  }
}

function readRequest(request: Record<string, unknown>): FakeRequest {
  const { requestType, requestData } = request;
  return { requestType: String(requestType), requestData: isRecord(requestData) ? requestData : {} };
}

function answerTo({ requestType, requestData }: FakeRequest, model: ObsModel, acts: ObsActs): Record<string, unknown> {
  const refused = (code: number, comment: string): Record<string, unknown> => ({
    requestType,
    requestStatus: { result: false, code, comment },
  });
  const done = acts.act(requestType, requestData);
  if (done && 'refusal' in done) return refused(done.refusal.code, done.refusal.comment);
  const responseData = done ? done.data : model.answer(requestType, requestData);
  if (responseData === null)
    return isQuestion(requestType)
      ? refused(NOT_FOUND, 'Nothing was found by that name.')
      : refused(UNKNOWN_REQUEST, `The fake OBS does not know ${requestType}.`);
  return { requestType, requestStatus: { result: true, code: 100 }, ...(responseData && { responseData }) };
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
