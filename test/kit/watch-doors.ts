import type { WatchDoors } from '../../src/hub/watch.ts';

/** Doors of a watch that nobody listens at: a test gives it the clock, the show and the ledger, and what it looks for. */
export const UNHEARD: Omit<WatchDoors, 'readNow' | 'readShow' | 'record'> = {
  readDb: () => null,
  reportConnector: () => undefined,
  readSecret: () => null,
  onChange: () => undefined,
  log: () => undefined,
  onLook: () => undefined,
  onSample: () => undefined,
  onConnected: () => undefined,
  ownPorts: () => [],
  recordingExpected: () => true,
  watchesPicture: () => true,
  ingestNow: () => null,
};
