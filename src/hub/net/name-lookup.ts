import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ProbeError } from '../../domain/health/sample.ts';
import { beforeDeadline } from './deadline.ts';
import { tenth } from './knock.ts';

export type NameLookup = { tookMs: number } | { error: ProbeError };

/** @returns false for addresses, and for names that no name server is asked for (`localhost`, `obs-pc`, `obs-pc.local`) */
export function isDnsName(host: string): boolean {
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 && host.includes('.') && !/\.(?:local|localhost)\.?$/i.test(host);
}

/**
 * Asks the name servers of this computer for a name, each time anew: no cache and no hosts file in between. A resolver is
 * made for each question, because the network may have changed. Never throws.
 *
 * @param servers instead of the computer's own; empty: its own
 */
export async function lookUpName(host: string, deadlineMs: number, servers: string[] = []): Promise<NameLookup> {
  const resolver = new Resolver({ timeout: deadlineMs, tries: 1 });
  const deadline = AbortSignal.timeout(deadlineMs);
  const began = performance.now();
  try {
    if (servers.length > 0) resolver.setServers(servers);
    await beforeDeadline(addressOf(resolver, host), deadline);
    return { tookMs: tenth(performance.now() - began) };
  } catch (error) {
    if (deadline.aborted) return { error: 'timeout' };
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return { error: code === 'ETIMEOUT' ? 'timeout' : code === 'ECONNREFUSED' ? 'refused' : 'closed' };
  } finally {
    resolver.cancel();
  }
}

/** A name may have an address of the newer kind only. */
async function addressOf(resolver: Resolver, host: string): Promise<void> {
  try {
    await resolver.resolve4(host);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENODATA')) throw error;
    await resolver.resolve6(host);
  }
}
