import { type Contact, initialContact, noteContact } from './contact.ts';
import { type HealthSample, asNumber, asRecord, asText } from './sample.ts';

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
  failedSinceMs: number | null;
  /** newest 20 outcomes: connect time, or null for a failure */
  recent: (number | null)[];
}

export type NetworkSide = Map<ProbeTarget, ProbeSide>;

const RECENT = 20;

export function observeNetwork(network: NetworkSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  const target = asText(data?.['target']) ?? sample.target;
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
  probe.failedSinceMs = connectMs === null ? (probe.failedSinceMs ?? sample.ms) : null;
  probe.recent.push(connectMs);
  if (probe.recent.length > RECENT) probe.recent.shift();
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
    failedSinceMs: null,
    recent: [],
  };
}

/** @returns percent of the newest 20 probes that failed; null with fewer than ten */
export function lossPct(probe: ProbeSide): number | null {
  if (probe.recent.length < RECENT / 2) return null;
  return Math.round((probe.recent.filter((ms) => ms === null).length / probe.recent.length) * 100);
}

/** @returns median connect time of the newest ten that succeeded */
export function rttMs(probe: ProbeSide): number | null {
  return median(probe.recent.filter((ms) => ms !== null).slice(-10));
}

export function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
