import type { CueContent } from '../../contract/floor-views.ts';
import type { Entry } from '../../domain/ledger.ts';
import type { Decision } from '../../domain/refusal.ts';
import type { DeviceRole } from '../../domain/words.ts';
import type { GatewayDoors, GatewayOptions } from './doors.ts';

/** Types first: the body follows. */
export declare class Gateway {
  constructor(doors: GatewayDoors, options: GatewayOptions);
  readonly floor: { url: string | null; message: string | null };
  readonly ingestUrl: string | null;
  start(): Promise<{ desk: string; floor: string | null; ingest: string | null }>;
  stop(): Promise<void>;
  openFloor(host?: string, port?: number): Promise<string>;
  openIngest(port: number): Promise<string>;
  publish(entries: readonly Entry[]): void;
  publishSamples(source: string, rows: readonly object[]): void;
  touch(): void;
  announceDevices(): void;
  invite(ask: { role: DeviceRole; person?: string; till?: string }): Promise<Decision>;
  approve(device: string, code: string | null): Decision;
  revoke(device: string): Decision;
  readCue(device: string, cue: string): CueContent | null;
}
