import { join } from 'node:path';
import { Hub } from './hub.ts';
import { log, reasonOf } from './log.ts';
import { redact } from './net/redact.ts';
import { BadOption, type HubOptions, readOptions } from './options.ts';
import { NewerFile } from './store/database.ts';
import { FolderInUse } from './store/lock.ts';
import { UnsafeSecrets } from './store/secrets.ts';

/** Built, this file lies in out/main; unbuilt, in src/hub. */
const here = import.meta.dirname;
const isBuilt = !here.endsWith(join('src', 'hub'));
const PLACE = {
  pages: isBuilt ? join(here, '..', 'renderer') : join(here, '..', '..', 'out', 'renderer'),
  resources: process.env['DROPDESK_RESOURCES'] ?? join(here, '..', '..', 'resources'),
};

/** Reads the command line, starts the hub, prints the ready line, stops it on a signal. Sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  const options = readOrExit(args);
  const hub = makeOrExit(options);
  let isStopping = false;
  const stop = async (why: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log({ level: 'info', kind: 'hub-stopping', why });
    await hub.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // A bug crashes the hub, which is then started anew from what is durable.
  process.on('uncaughtException', (error) => crash(error));
  process.on('unhandledRejection', (error) => crash(error));
  if (process.env['DROPDESK_STOP_WITH_STDIN'] === '1') {
    process.stdin.resume();
    process.stdin.on('end', () => void stop('parent-gone'));
    process.stdin.on('error', () => void stop('parent-gone'));
  }
  try {
    const ready = await hub.start();
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    failStart(error);
  }
}

function readOrExit(args: readonly string[]): HubOptions {
  try {
    return readOptions(args);
  } catch (error) {
    if (error instanceof BadOption) exitWith(2, error.message);
    throw error;
  }
}

function makeOrExit(options: HubOptions): Hub {
  try {
    return new Hub(options, PLACE);
  } catch (error) {
    failStart(error);
  }
}

function failStart(error: unknown): never {
  if (error instanceof FolderInUse) exitWith(3, error.message);
  if (error instanceof BadOption || error instanceof UnsafeSecrets || error instanceof NewerFile)
    exitWith(2, error.message);
  const port = takenPort(error);
  if (port !== null)
    exitWith(
      1,
      `Port ${port} is taken by another program. Choose another one with --desk-port N (0 picks a free one).`,
    );
  exitWith(1, `Dropdesk's hub could not start: ${reasonOf(error)}`);
}

/** @returns the port that was wanted, when somebody else listens there */
function takenPort(error: unknown): number | null {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken && 'port' in error && typeof error.port === 'number' ? error.port : null;
}

function crash(error: unknown): never {
  log({
    level: 'error',
    kind: 'hub-crashed',
    reason: reasonOf(error),
    stack: error instanceof Error ? (error.stack ?? null) : null,
  });
  process.exit(1);
}

function exitWith(code: number, sentence: string): never {
  process.stderr.write(`${redact(sentence)}\n`);
  process.exit(code);
}
