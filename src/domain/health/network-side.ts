import { type Contact, initialContact, noteContact } from './contact.ts';
import { type HealthSample, type Raw, asNumber, asRecord, asText } from './sample.ts';

export type ProbeTarget = 'gateway' | 'ingest' | 'backup';

/** Small probes of the way out: a TCP connection, and for an RTMP ingest the first step of its handshake. */
export interface ProbeSide {
  contact: Contact;
  connectMs: number | null;
  handshakeMs: number | null;
  handshakeFailed: boolean;
  refused: boolean;
  /** connections that failed in a row */
  failedRunning: number;
  /** probes in a row that went well, the handshake included */
  okRunning: number;
  /** newest 20 outcomes: connect time, or null for a failure */
  recent: (number | null)[];
  /** median connect time of the newest ten that succeeded */
  rttMs: number | null;
  /** percent of the newest 20 that failed; null with fewer than ten */
  lossPct: number | null;
}

/** How long the newest look-up of a name took; null: it failed. */
export interface NameSide {
  tookMs: number | null;
  lastMs: number;
}

export type NetworkSide = Map<ProbeTarget, ProbeSide>;

/** By what is looked up: ingest, edge, backup. */
export type NamesSide = Map<string, NameSide>;

const RECENT = 20;
const RTT_OF = 10;

export function observeNetwork(network: NetworkSide, names: NamesSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  const target = asText(data?.['target']) ?? sample.target;
  if (target === 'dns') return observeName(names, sample, data);
  if (target !== 'gateway' && target !== 'ingest' && target !== 'backup') return;
  const probe = network.get(target) ?? initialProbe();
  network.set(target, probe);
  noteContact(probe.contact, sample.ms, sample.error ?? null);
  const connectMs = sample.error === undefined ? asNumber(data?.['connectMs']) : null;
  probe.connectMs = connectMs;
  probe.refused = sample.error === 'refused';
  probe.handshakeMs = asNumber(data?.['handshakeMs']);
  probe.handshakeFailed = connectMs !== null && asText(data?.['handshakeError']) !== null;
  probe.failedRunning = connectMs === null ? probe.failedRunning + 1 : 0;
  probe.okRunning = connectMs === null || probe.handshakeFailed ? 0 : probe.okRunning + 1;
  probe.recent.push(connectMs);
  if (probe.recent.length > RECENT) probe.recent.shift();
  probe.rttMs = median(probe.recent.filter((ms) => ms !== null).slice(-RTT_OF));
  probe.lossPct = lossPct(probe.recent);
}

function observeName(names: NamesSide, sample: HealthSample, data: Raw | null): void {
  const name = asText(data?.['host']) ?? 'ingest';
  const tookMs = sample.error === undefined ? asNumber(data?.['tookMs']) : null;
  names.set(name, { tookMs, lastMs: sample.ms });
}

function initialProbe(): ProbeSide {
  return {
    contact: initialContact(),
    connectMs: null,
    handshakeMs: null,
    handshakeFailed: false,
    refused: false,
    failedRunning: 0,
    okRunning: 0,
    recent: [],
    rttMs: null,
    lossPct: null,
  };
}

function lossPct(recent: readonly (number | null)[]): number | null {
  if (recent.length < RECENT / 2) return null;
  return Math.round((recent.filter((ms) => ms === null).length / recent.length) * 100);
}

/** @returns standard deviation of the connect times among the newest 20, ms; null with fewer than ten */
export function jitterMs({ recent }: ProbeSide): number | null {
  const times = recent.filter((ms) => ms !== null);
  if (times.length < RECENT / 2) return null;
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / times.length);
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
