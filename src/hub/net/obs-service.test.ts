import { expect, it } from 'vitest';
import type { ObsDoor } from '../doors.ts';
import { NoAnswer } from './obs-errors.ts';
import { readKeptJson, readService, serviceOf } from './obs-service.ts';

it('a service that was kept is read as it was written; one that was cut short is none', () => {
  const kept = { type: 'rtmp_custom', settings: { server: 'rtmp://a/live', key: 'k' } };
  const text = JSON.stringify(kept);
  expect(serviceOf(readKeptJson(text))).toEqual(kept);
  for (const broken of [null, '', text.slice(0, -3), '[]', '{"type":"rtmp_custom"}', '7'])
    expect(serviceOf(readKeptJson(broken)), String(broken)).toBeNull();
});

it('an OBS that does not tell where it sends has not answered: nothing empty is kept in its place', async () => {
  const obs = { call: () => Promise.resolve({}) } as unknown as ObsDoor;
  await expect(readService(obs)).rejects.toBeInstanceOf(NoAnswer);
});
