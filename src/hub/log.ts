import type { Log } from './doors.ts';
import { cleaned, redact } from './net/redact.ts';

const RECENT = 2000;
const recent: string[] = [];

/** The newest lines that were logged: the audit looks for keys in them. */
export function recentLines(): readonly string[] {
  return recent;
}

/** JSON lines on stderr, without keys (STR-87). A reader that went away must not take the hub with it. */
export const log: Log = (line) => {
  const text = JSON.stringify({ time: new Date().toISOString(), ...cleaned(line, (words) => redact(words)) });
  recent.push(text);
  if (recent.length > RECENT) recent.shift();
  process.stderr.write(`${text}\n`);
};

process.stderr.on('error', () => undefined);

/** What an error may say in a log: its class, its code and our own sentence chain; keys are taken out of it. */
export function reasonOf(error: unknown): string {
  return redact(chainOf(error));
}

function chainOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const cause = error.cause === undefined ? '' : `: ${chainOf(error.cause)}`;
  return `${error.message}${code}${cause}`;
}
