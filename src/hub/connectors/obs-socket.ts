import OBSWebSocket, { EventSubscription } from 'obs-websocket-js/json';
import { asNumber, asRecord, asText, type Raw } from '../../domain/health/sample.ts';
import { NoAnswer, ObsRefused } from '../net/obs-errors.ts';
import { cleaned, hideKnown, knowSecret } from '../net/redact.ts';

const CONNECT_DEADLINE_MS = 1500;
const SUBSCRIPTIONS = EventSubscription.Outputs | EventSubscription.Scenes | EventSubscription.Inputs;

export interface SocketEvents {
  event: (eventType: string, eventData: Raw) => void;
  closed: (code: number) => void;
}

const FORWARDED = [
  'StreamStateChanged',
  'RecordStateChanged',
  'RecordFileChanged',
  'CurrentProgramSceneChanged',
  'SceneListChanged',
  'InputMuteStateChanged',
  'InputVolumeMeters',
] as const;

/**
 * One connection to obs-websocket. The library's calls wait for ever when OBS hangs, so each of ours carries a deadline,
 * and what is answered later is dropped.
 */
export class ObsSocket {
  readonly #client = new Client();
  #isOpen = false;

  /** @throws NoAnswer in time, or the library's error (its `code` is the close code) */
  async open(url: string, password: string | null, events: SocketEvents): Promise<void> {
    for (const eventType of FORWARDED) {
      this.#client.on(eventType, (data: unknown) => events.event(eventType, told(eventType, data)));
    }
    this.#client.on('ConnectionClosed', (reason) => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      events.closed(reason.code);
    });
    const opening = this.#client.connect(url, password ?? undefined, {
      rpcVersion: 1,
      eventSubscriptions: SUBSCRIPTIONS,
    });
    try {
      await inTime(opening, CONNECT_DEADLINE_MS);
    } catch (error) {
      this.kill();
      throw error;
    }
    this.#isOpen = true;
  }

  /** Levels come 20 times a second and are heard only while somebody wants them. @throws NoAnswer */
  async hearLevels(wanted: boolean, deadlineMs: number): Promise<void> {
    const levels = wanted ? EventSubscription.InputVolumeMeters : 0;
    await inTime(this.#client.reidentify({ eventSubscriptions: SUBSCRIPTIONS | levels }), deadlineMs);
  }

  /** Several questions in one message. @returns answers by request name, null where OBS refused one */
  async batch(
    names: readonly string[] | readonly { requestType: string; requestData?: Raw }[],
    deadlineMs: number,
  ): Promise<(Raw | null)[]> {
    const requests = names.map((name) => (typeof name === 'string' ? { requestType: name } : name));
    const results: unknown = await inTime(
      this.#client.callBatch(requests as Parameters<Client['callBatch']>[0]),
      deadlineMs,
    );
    if (!Array.isArray(results)) throw new NoAnswer('OBS answered something else');
    return requests.map((_, index) => heard(asRecord(asRecord(results[index])?.['responseData'])));
  }

  /** @throws NoAnswer, ObsRefused */
  async call(requestType: string, requestData: Raw | undefined, deadlineMs: number): Promise<Raw> {
    heard(requestData ?? null);
    const call = this.#client.call(requestType as never, requestData as never) as Promise<unknown>;
    try {
      return heard(asRecord(await inTime(call, deadlineMs))) ?? {};
    } catch (error) {
      const code = asNumber(asRecord(error)?.['code']);
      if (error instanceof NoAnswer || code === null) throw error;
      throw new ObsRefused(code, error instanceof Error ? error.message : '');
    }
  }

  /** Cuts the connection without waiting for the other side, which may hang. */
  kill(): void {
    this.#isOpen = false;
    this.#client.cut();
  }
}

/** The key that OBS streams with, or is told to, is known from here on, and so taken out of whatever leaves. */
function heard(data: Raw | null): Raw | null {
  const service = asRecord(data?.['streamServiceSettings']);
  for (const field of ['key', 'password', 'bearer_token']) knowSecret(asText(service?.[field]));
  return data;
}

/** Names and paths of an event become facts; a person may have put a key into one. Levels are figures, 20 times a second. */
function told(eventType: string, data: unknown): Raw {
  const event = asRecord(data) ?? {};
  return eventType === 'InputVolumeMeters' ? event : cleaned(event, hideKnown);
}

class Client extends OBSWebSocket {
  cut(): void {
    (this.socket as { terminate?: () => void } | undefined)?.terminate?.();
  }
}

/** The work goes on if it is late; its answer is dropped and its failure swallowed, for nobody asks any more. */
async function inTime<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
