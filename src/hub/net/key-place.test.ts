import { expect, it } from 'vitest';
import { planToFile, readPlan } from '../../contract/plan-file.ts';
import { NO_STREAM } from '../../domain/plan-upgrade.ts';
import type { StreamPlan } from '../../domain/plan.ts';
import { placeKeys, takeKeysOut } from './key-place.ts';

const SECRETS: Record<string, string> = { 'stream.primary.key': 'abc/1$&+9', 'stream.backup.key': 'backup-77' };
const read = (name: string): string | null => SECRETS[name] ?? null;

const written: StreamPlan = {
  ...NO_STREAM,
  obs: { url: 'ws://127.0.0.1:4455/{key}' },
  rtmpStat: { url: 'http://127.0.0.1/stat', application: 'live', name: '{key}' },
  mediamtx: { url: 'http://127.0.0.1:9997', path: 'live/{key}' },
  hls: { url: 'http://127.0.0.1/hls/{key}.m3u8' },
  edge: { url: 'https://cdn.example/hls/%7Bkey%7D.m3u8' },
  primaryIngest: 'rtmp://a.example/live/{key}',
  backupIngest: 'rtmp://b.example/live/{key}',
};
const filled: StreamPlan = {
  ...written,
  rtmpStat: { url: 'http://127.0.0.1/stat', application: 'live', name: 'abc/1$&+9' },
  mediamtx: { url: 'http://127.0.0.1:9997', path: 'live/abc/1$&+9' },
  hls: { url: 'http://127.0.0.1/hls/abc%2F1%24%26%2B9.m3u8' },
  edge: { url: 'https://cdn.example/hls/abc%2F1%24%26%2B9.m3u8' },
  primaryIngest: 'rtmp://a.example/live/abc%2F1%24%26%2B9',
  backupIngest: 'rtmp://b.example/live/backup-77',
};

it('puts each ingest’s own key where the plan says so, and into OBS’s address none', () => {
  expect(placeKeys(written, read)).toEqual(filled);
  expect(placeKeys(written, () => null)).toEqual(written);
});

it('takes known keys out again, and names where they stood', () => {
  const { plan, held } = takeKeysOut(filled, read);
  expect(JSON.stringify(plan)).not.toMatch(/abc|backup-77/);
  expect(plan).toEqual({ ...written, edge: { url: 'https://cdn.example/hls/{key}.m3u8' } });
  expect(held).toContain('stream.rtmpStat.name');
  expect(takeKeysOut(written, read)).toEqual({ plan: written, held: [] });
});

it('a key that is a word of ordinary addresses is not looked for', () => {
  expect(takeKeysOut(filled, () => 'live').held).toEqual([]);
});

it('a plan file may say {key}, and comes back saying it', () => {
  const file = {
    format: 'dropdesk-plan',
    version: 1,
    show: { name: 'S', timeZone: 'UTC', currency: 'EUR', startsAt: '2026-11-28T18:00:00Z', endsAt: null },
    stream: { ...written, obs: null, platform: null },
  };
  const plan = readPlan(file);
  if ('faults' in plan) throw new Error(JSON.stringify(plan.faults));
  expect(plan.plan.stream.hls?.url).toBe('http://127.0.0.1/hls/{key}.m3u8');
  const again = readPlan(planToFile(plan.plan));
  expect('faults' in again ? again.faults : again.plan.stream).toEqual(plan.plan.stream);
});
