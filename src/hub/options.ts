import { parseArgs } from 'node:util';

/** What the command line of the hub says; stable, other programs rely on it (DESIGN §5). */
export interface HubOptions {
  dataDir: string;
  deskPort: number;
  /** null: the floor opens when the first device is invited */
  floorPort: number | null;
  floorHost: string | null;
  ingestPort: number | null;
  planFile: string | null;
  demo: boolean;
}

/** A bad command line: one clear sentence, exit 2. */
export class BadOption extends Error {}

const USAGE =
  'npm run hub -- --data DIR [--desk-port N] [--floor-port N] [--floor-host ADDR] [--ingest-port N] [--plan FILE] [--demo]';

/** @throws BadOption */
export function readOptions(args: readonly string[]): HubOptions {
  const values = parse(args);
  if (!values.data) throw new BadOption(`--data DIR is missing. Use: ${USAGE}`);
  return {
    dataDir: values.data,
    deskPort: portOf('--desk-port', values['desk-port']) ?? 7700,
    floorPort: portOf('--floor-port', values['floor-port']),
    floorHost: values['floor-host'] ?? null,
    ingestPort: portOf('--ingest-port', values['ingest-port']),
    planFile: values.plan ?? null,
    demo: values.demo ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: text,
        'desk-port': text,
        'floor-port': text,
        'floor-host': text,
        'ingest-port': text,
        plan: text,
        demo: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new BadOption(`${cause instanceof Error ? cause.message.split('\n')[0] : 'bad option'}. Use: ${USAGE}`, {
      cause,
    });
  }
}

function portOf(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535)
    throw new BadOption(`${name} must be a port from 0 to 65535, not "${value}".`);
  return port;
}
