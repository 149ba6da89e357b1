import { connect } from 'node:net';
import type { ProbeError } from '../../domain/health/sample.ts';
import { tenth } from './knock.ts';

/** A router answers for names, or has a page of its own. */
const PORTS = [53, 80, 443];
/** The next port is tried beside the one before when that is silent: a filtered port must not use up the second. */
const NEXT_AFTER_MS = 250;

export type GatewayProbe = { connectMs: number; port: number } | { error: ProbeError };

/** What a refused or cut connection proves: the host is there. */
const THERE = new Set(['ECONNREFUSED', 'ECONNRESET']);

/**
 * Is the router there? Any answer to a TCP connect counts, a refusal too; only silence and "no way there" do not. Never throws.
 *
 * @param first port that answered before: it is tried first
 */
export async function probeGateway(address: string, deadlineMs: number, first: number | null): Promise<GatewayProbe> {
  const ports = first === null ? PORTS : [first, ...PORTS.filter((port) => port !== first)];
  const over = new AbortController();
  try {
    return await new Promise<GatewayProbe>((resolve) => {
      const end = setTimeout(() => resolve({ error: 'timeout' }), deadlineMs);
      over.signal.addEventListener('abort', () => clearTimeout(end));
      let failed = 0;
      const fail = (): void => {
        failed += 1;
        if (failed === ports.length) resolve({ error: 'timeout' });
      };
      ports.forEach((port, i) => {
        const touch = (): void => touchPort({ address, port, signal: over.signal }, resolve, fail);
        const later = setTimeout(touch, i * NEXT_AFTER_MS);
        over.signal.addEventListener('abort', () => clearTimeout(later));
      });
    });
  } finally {
    over.abort();
  }
}

function touchPort(
  { address, port, signal }: { address: string; port: number; signal: AbortSignal },
  answered: (answer: GatewayProbe) => void,
  failed: () => void,
): void {
  const began = performance.now();
  const socket = connect({ host: address, port });
  const there = (): void => answered({ connectMs: tenth(performance.now() - began), port });
  signal.addEventListener('abort', () => socket.destroy());
  socket.once('connect', there);
  socket.on('error', (error: NodeJS.ErrnoException) => (THERE.has(error.code ?? '') ? there() : failed()));
}
