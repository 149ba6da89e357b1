import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkedAddress } from './address.ts';

export interface Upload {
  /** HTTP status of the answer; null: none has come by then, so part of the bytes may still be on its way */
  status: number | null;
  bytes: number;
  /** ms from the first byte to the answer after the last: nothing is counted that only lies in a buffer here */
  tookMs: number;
}

export interface UploadAsk {
  url: URL;
  ownPorts: readonly number[];
  /** how long to send, ms */
  forMs: number;
  /** never faster than this, so that a test leaves room for others */
  mostKbps: number;
  signal: AbortSignal;
}

const PIECE = 16_384;
/** bytes that may lie here unsent: more would only be counted, not carried */
const MOST_WAITING = 262_144;
const STEP_MS = 20;
/** after the last byte: as long as what is still on its way may need */
const ANSWER_MS = 7000;

/**
 * One HTTP PUT of random bytes, paced. Redirects are not followed.
 *
 * @throws when the address may not be asked or the line breaks
 */
export async function upload({ url, ownPorts, forMs, mostKbps, signal }: UploadAsk): Promise<Upload> {
  const address = await checkedAddress(url, ownPorts);
  const lookup: LookupFunction = (_host, options, found) => {
    if (options.all) found(null, [{ address: address.ip, family: address.family }]);
    else found(null, address.ip, address.family);
  };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const put = send(url, { method: 'PUT', lookup, signal, headers: { 'content-type': 'application/octet-stream' } });
  const answered = new Promise<number>((resolve, reject) => {
    put.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    put.once('error', reject);
  });
  const began = performance.now();
  let bytes = 0;
  let isAnswered = false;
  let timer: NodeJS.Timeout | undefined;
  answered.then(
    () => (isAnswered = true),
    () => (isAnswered = true),
  );
  const piece = randomBytes(PIECE);
  while (performance.now() - began < forMs && !isAnswered && !signal.aborted) {
    const due = ((performance.now() - began) * mostKbps) / 8;
    if (bytes < due && put.writableLength < MOST_WAITING) {
      put.write(piece);
      bytes += PIECE;
    } else {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }
  put.end();
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ANSWER_MS)));
  try {
    return { status: await Promise.race([answered, late]), bytes, tookMs: performance.now() - began };
  } finally {
    clearTimeout(timer);
    put.destroy();
  }
}
