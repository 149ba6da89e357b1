import { describe, expect, it } from 'vitest';
import type { StreamView } from '../stream-state.ts';
import { floorBase } from './floor-parts.ts';
import { quietLive } from './live-testing.ts';

const now = { at: 0, mono: 0, boot: 'b', t: 0 };
const word = (stream: Partial<StreamView>, role: 'co-host' | 'viewer' = 'viewer', settings = {}): string => {
  const live = quietLive();
  Object.assign(live, { stream: { ...live.stream, ...stream }, settings: { ...live.settings, ...settings } });
  return floorBase(null, live, { id: 'd', role, name: 'd', person: null, till: null }, now).stream;
};
const layer = (level: 'warn' | 'critical') => ({ level, cause: 'x', place: null, since: null });

describe('the one word about the stream', () => {
  it('is down only when what carries the stream is', () => {
    expect(word({ level: 'critical', layers: { transport: layer('critical') } })).toBe('down');
    expect(word({ level: 'critical', layers: { source: layer('critical') } })).toBe('trouble');
    expect(word({ level: 'warn', layers: { delivery: layer('warn') } })).toBe('trouble');
    expect(word({ level: 'unknown' })).toBe('trouble');
    expect([word({ level: 'ok' }), word({ level: 'off' })]).toEqual(['ok', 'off']);
  });

  it('is kept from co-hosts, and from nobody else, when the producer says so', () => {
    const bad = { level: 'critical', layers: { obs: layer('critical') } } as const;
    expect(word(bad, 'co-host')).toBe('down');
    expect(word(bad, 'co-host', { 'failover.tellFloor': false })).toBe('ok');
    expect(word(bad, 'viewer', { 'failover.tellFloor': false })).toBe('down');
  });
});
