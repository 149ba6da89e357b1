import type { BodyOf, Fact } from '../ledger.ts';
import { type Duration, MINUTE, toIso } from '../units.ts';
import type { Ask } from './ask.ts';

/** What fits on a phone that covers everything else with it. */
export const MESSAGE_GRAPHEMES = 80;
const EXPIRES: Duration = MINUTE;

type Text = Pick<BodyOf<'message.sent'>, 'to' | 'persons' | 'text'> &
  Partial<Pick<BodyOf<'message.sent'>, 'roles' | 'needsAck' | 'tone'>> & { expiresMs?: Duration };

export function messageSent(
  { to, persons, roles = [], text, needsAck = false, tone = 'info', expiresMs = EXPIRES }: Text,
  ask: Ask,
): Fact {
  const expiresAt = toIso(ask.now.at + expiresMs);
  return {
    kind: 'message.sent',
    body: { messageId: `msg${ask.seq}`, to, persons, roles, text, needsAck, tone, expiresAt, by: ask.actor.by },
  };
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Letters as people count them: a flag or a family is one. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

export function shortened(text: string): string {
  const letters = graphemes(text);
  return letters.length <= MESSAGE_GRAPHEMES ? text : `${letters.slice(0, MESSAGE_GRAPHEMES - 1).join('')}…`;
}
