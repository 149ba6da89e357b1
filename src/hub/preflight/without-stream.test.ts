import { expect, it } from 'vitest';
import { NO_STREAM } from '../../domain/plan-upgrade.ts';
import { ALL_CHECKS } from '../../domain/audit/catalogue.ts';
import { demoCheck } from './demo-parts.ts';
import { checkWithoutStream } from './without-stream.ts';

const IDS = ALL_CHECKS.map(({ id }) => id);
const skipped = (stream: typeof NO_STREAM): string[] => IDS.filter((id) => checkWithoutStream(id, stream) !== null);

it('a show in the room is not told to add a backup ingest, nor asked where its stream goes', () => {
  expect(skipped(NO_STREAM)).toEqual(['net-3', 'net-4', 'net-5', 'net-7', 'fail-1', 'fail-2', 'fail-7']);
});

it('whoever names anything of a stream is asked for all of it', () => {
  expect(skipped({ ...NO_STREAM, hls: { url: 'http://127.0.0.1/a.m3u8' } })).toEqual([]);
  expect(skipped({ ...NO_STREAM, obs: { url: 'ws://127.0.0.1:4455' } })).toEqual([]);
});

it('what a demo only plays is a check of the catalogue', () => {
  const played = IDS.filter((id) => demoCheck(id) !== null);
  expect(played).toEqual(['net-7', 'fail-1', 'fail-2', 'fail-5', 'fail-7', 'sec-1']);
});
