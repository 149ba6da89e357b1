import { describe, expect, it } from 'vitest';
import { keepingOf } from './cache-headers.ts';
import { clockFinding, offsetOf } from './clock-check.ts';
import { computerFinding, inhibitors, macPower, restartsLately } from './computer.ts';
import { dropRules, isPrivate, rulesFinding } from './dead-publisher.ts';
import { networksFinding } from './failover-checks.ts';
import { logFinding } from './key-safety.ts';
import { linkFinding, macKind, windowsKind } from './link.ts';
import { roundTripFinding } from './network-checks.ts';
import { goesOnFinding } from './playlist-checks.ts';
import { notYet } from './segment-checks.ts';
import { uploadFinding } from './upload-check.ts';

describe('what systems say, read', () => {
  it('kinds of link', () => {
    const ports = 'Hardware Port: Wi-Fi\nDevice: en0\n\nHardware Port: USB 10/100/1000 LAN\nDevice: en7\n';
    expect([macKind(ports, 'en0'), macKind(ports, 'en7'), macKind(ports, 'utun3')]).toEqual([
      'wifi',
      'wired',
      'unknown',
    ]);
    expect([windowsKind('Ethernet|802.3'), windowsKind('WLAN|9'), windowsKind('')]).toMatchObject([
      { kind: 'wired' },
      { kind: 'wifi' },
      null,
    ]);
    expect([
      linkFinding({ name: 'en0', kind: 'wifi' }).result,
      linkFinding(null).result,
      linkFinding('unreadable').result,
    ]).toEqual(['warn', 'fail', 'warn']);
  });

  it('mains, battery, restarts', () => {
    const battery = (percent: number) =>
      macPower(`Now drawing from 'Battery Power'\n -InternalBattery-0\t${percent}%; discharging`);
    const of = (power: ReturnType<typeof macPower>) => computerFinding({ power, freeBytes: 8e9, restarts: 0 }).result;
    expect([of(macPower("Now drawing from 'AC Power'")), of(battery(60)), of(battery(19)), of(macPower(''))]).toEqual([
      'pass',
      'warn',
      'fail',
      'unknown',
    ]);
    const boots = [0, 10, 20].map((at, i) => ({ boot: `b${i}`, at }));
    expect([restartsLately({ boots }, 100), restartsLately({ boots }, 3_600_015)]).toEqual([2, 0]);
    expect(inhibitors('Dropdesk 1000 ana 42 electron idle Show block\n')).toBe('Dropdesk');
  });

  it('a configuration of nginx-rtmp, and the defaults where it says nothing', () => {
    const of = (inner: string): string | undefined => {
      const rules = dropRules(`http { server { listen 80; } } rtmp { server { listen 1935; ${inner} } }`, 1935);
      return rules === null ? undefined : rulesFinding(rules).result;
    };
    expect([
      of(''),
      of('# ping 5s;'),
      of('ping 5s; ping_timeout 5s;'),
      of('application live { drop_idle_publisher 5s; }'),
    ]).toEqual(['fail', 'fail', 'pass', 'pass']);
    expect(dropRules('rtmp { server { listen 1936; } }', 1935)).toBeNull();
    expect(dropRules('http { }', 1935)).toBeNull();
  });
});

describe('limits of the table', () => {
  it('round trip and jitter', () => {
    const of = (times: number[], lost = 0) => roundTripFinding(times, lost).result;
    expect([of([100, 100]), of([101, 101]), of([201, 201]), of([50, 75]), of([50, 95]), of([10], 1), of([])]).toEqual([
      'pass',
      'warn',
      'fail',
      'warn',
      'fail',
      'fail',
      'unknown',
    ]);
  });

  it('share of the upload', () => {
    const of = (kbps: number, status: number | null = 200) =>
      uploadFinding({ status, bytes: (kbps * 10_000) / 8, tookMs: 10_000 }, { kbps: 6000, from: 'OBS' }, 12_000);
    expect([
      of(8600).result,
      of(7500).result,
      of(7000).result,
      of(8600, null).result,
      of(7000, null).result,
      of(9000, 405).result,
    ]).toEqual(['pass', 'warn', 'fail', 'unknown', 'fail', 'unknown']);
    expect(of(7000).fix).toBe('Lower the bitrate to 4900 kbps.');
  });

  it('the clock, and a cache’s answer of a minute ago', () => {
    const at = Date.parse('2026-11-28T18:01:00.500Z');
    const answer = (date: string, age?: string) => ({
      status: 200,
      headers: { date, ...(age === undefined ? {} : { age }) },
      body: '',
      tookMs: 1,
      at,
    });
    expect(offsetOf(answer('Sat, 28 Nov 2026 18:01:00 GMT'))).toBe(0);
    expect(offsetOf(answer('Sat, 28 Nov 2026 18:00:00 GMT', '60'))).toBe(0);
    expect(offsetOf(answer('Sat, 28 Nov 2026 18:01:03 GMT'))).toBe(-2500);
    const of = (...offs: number[]) => clockFinding(offs.map((offMs) => ({ offMs, isOwn: false }))).result;
    expect([of(0), of(-2500, -2500, 0), of(6000), of()]).toEqual(['pass', 'warn', 'fail', 'unknown']);
    expect(clockFinding([{ offMs: 0, isOwn: true }]).result).toBe('unknown');
  });

  it('cache headers: the longer of two ages, Expires without any, and what forbids keeping', () => {
    const of = (headers: Record<string, string>) => keepingOf({ headers }).forMs;
    expect(of({ 'cache-control': 'max-age=1, s-maxage=30' })).toBe(30_000);
    expect(of({ 'cache-control': 'no-cache, max-age=600' })).toBe(0);
    expect(of({ expires: 'Sat, 28 Nov 2026 18:01:00 GMT', date: 'Sat, 28 Nov 2026 18:00:00 GMT' })).toBe(60_000);
    expect(of({})).toBeNull();
  });

  it('a playlist that is late, stands, or was not watched long enough', () => {
    const of = (waits: number[], still: number) => goesOnFinding(waits, still, { targetMs: 2000, everyMs: 500 }).result;
    expect([of([2000, 2100], 0), of([2000, 3600], 0), of([], 7600), of([6000], 1000)]).toEqual([
      'pass',
      'warn',
      'fail',
      'unknown',
    ]);
  });

  it('networks of two ingests', () => {
    const of = (a: string, b: string) => networksFinding(a, b).result;
    expect([
      of('192.0.2.1', '198.51.100.1'),
      of('192.0.2.1', '192.0.2.9'),
      of('192.0.2.1', '192.0.2.1'),
      networksFinding(null, '192.0.2.1').result,
    ]).toEqual(['pass', 'warn', 'fail', 'warn']);
    expect(['10.0.0.1', '172.31.0.1', '100.64.0.1', '::1'].every(isPrivate)).toBe(true);
    expect(['172.32.0.1', '8.8.8.8', '100.128.0.1', '2001:db8::1'].some(isPrivate)).toBe(false);
  });

  it.each(['live/7Z+q"secret', 'ключ-1234'])('the secret %s is found in every form', (secret) => {
    const bytes = Buffer.from(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({ secret }),
      bytes.toString('base64'),
      bytes.toString('hex'),
    ];
    for (const form of forms) expect(logFinding(['fine', `{"x":"${form}"}`], [secret]).result).toBe('fail');
    expect(logFinding(['fine'], [secret]).result).toBe('pass');
  });

  it('the segment that is not there yet keeps its form', () => {
    expect(notYet(new URL('http://a.example/live/show-0041.ts'))?.pathname).toBe('/live/show-5041.ts');
    expect(notYet(new URL('http://a.example/live/last.ts'))).toBeNull();
  });
});
