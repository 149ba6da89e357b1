import { floorHostFault } from './gateway/floor-address.ts';
import { BadOption, type HubOptions } from './options.ts';
import type { DeskStore } from './store/desk-store.ts';

/** Where the floor was last, or the host that the producer picked since. */
export function floorPlace(desk: DeskStore): { host: string | null; port: number | null } {
  const place = desk.setting('floor.place') as { host: string; port: number } | undefined;
  const picked = desk.setting('floor.host');
  return { host: typeof picked === 'string' ? picked : (place?.host ?? null), port: place?.port ?? null };
}

export function rememberFloorPlace(desk: DeskStore, { host, port }: { host: string; port: number }): void {
  desk.setSetting('floor.place', { host, port });
}

/**
 * The floor opens at start when the command line says so, or when it was open before: a till's unsent sales belong to
 * that address. Port 0 means "the one from before, else a free one".
 *
 * @throws BadOption for an address that phones must not be served on
 */
export function floorAtStart(
  { floorHost, floorPort }: HubOptions,
  desk: DeskStore,
): { host?: string; port?: number } | null {
  const fault = floorHost === null ? null : floorHostFault(floorHost);
  if (fault !== null) throw new BadOption(`--floor-host ${floorHost}: ${fault}`);
  if (floorHost === null && floorPort === null && floorPlace(desk).port === null) return null;
  return { ...(floorHost !== null && { host: floorHost }), ...(floorPort && { port: floorPort }) };
}
