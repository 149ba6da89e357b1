import { type Answer, Asker, Unanswered } from '../net/ask.ts';
import { RefusedAddress } from '../net/address.ts';
import type { Ground } from './check.ts';

const DEADLINE_MS = 3000;
/** A segment of 10 s at 24 Mbit/s. */
const MAX_BYTES = 30_000_000;

/** An answer with its way: how long it took, and when it was asked by the wall clock. */
export interface Asked extends Answer {
  tookMs: number;
  /** this computer's clock at the middle of question and answer, epoch ms */
  at: number;
}

/** One GET of its own connection. @throws Unanswered, RefusedAddress */
export async function asked(
  ground: Ground,
  url: URL,
  headers: Record<string, string> = {},
  deadlineMs = DEADLINE_MS,
): Promise<Asked> {
  const asker = new Asker();
  const began = performance.now();
  const at = ground.now().at;
  try {
    const answer = await asker.get({ url, headers, deadlineMs, maxBytes: MAX_BYTES, ownPorts: ground.ownPorts });
    const tookMs = performance.now() - began;
    return { ...answer, tookMs, at: at + tookMs / 2 };
  } finally {
    asker.destroy();
  }
}

/** @returns the answer, or the sentence why there is none */
export async function askedOrWhy(ground: Ground, url: URL, headers?: Record<string, string>): Promise<Asked | string> {
  try {
    return await asked(ground, url, headers);
  } catch (error) {
    if (error instanceof Unanswered || error instanceof RefusedAddress) return error.message;
    throw error;
  }
}

/** First value of a header, trimmed; null when it is not there. */
export function headerOf(answer: Pick<Answer, 'headers'>, name: string): string | null {
  const value = answer.headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined ? null : text.trim();
}
