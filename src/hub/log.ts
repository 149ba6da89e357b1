import type { Log } from './doors.ts';

/** JSON lines on stderr. A reader that went away must not take the hub with it. */
export const log: Log = (line) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
};
process.stderr.on('error', () => undefined);

/** What an error may say in a log: its class, its code and our own sentence chain. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const cause = error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`;
  return `${error.message}${code}${cause}`;
}
