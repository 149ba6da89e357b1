import { expect, it } from 'vitest';
import { MINUTE } from './units.ts';
import { viewersNow } from './viewers-now.ts';

const NOW = 100 * MINUTE;
const none = { edge: null, ingest: null, hasPlaylists: false };
const noted = (...minutes: number[]) => ({
  notes: minutes.map((ago) => ({ at: NOW - ago * MINUTE, count: ago * 10, source: 'desk' })),
});
const counts = (count: number) => ({ count, at: NOW });

it('takes the server that counts before what a person told, and the edge before the ingest', () => {
  expect(viewersNow({ ...none, ingest: counts(7) }, noted(1), NOW)).toEqual({ count: 7, source: 'ingest', at: NOW });
  expect(viewersNow({ ...none, ingest: counts(7), edge: counts(900) }, noted(1), NOW)).toMatchObject({ count: 900 });
});

it('takes the newest note for a quarter of an hour, and then says that nobody knows', () => {
  expect(viewersNow(none, noted(20, 14), NOW)).toEqual({ count: 140, source: 'noted', at: NOW - 14 * MINUTE });
  expect(viewersNow(none, noted(16), NOW)).toBeNull();
  expect(viewersNow(none, noted(), NOW)).toBeNull();
});

it('does not take a note of an hour to come, as a file may tell, for the present', () => {
  expect(viewersNow(none, noted(3, -5), NOW)).toMatchObject({ count: 30 });
});

it('takes a nought at the ingest for nobody only where nobody can watch elsewhere', () => {
  expect(viewersNow({ ...none, ingest: counts(0) }, noted(), NOW)).toMatchObject({ count: 0, source: 'ingest' });
  expect(viewersNow({ ...none, ingest: counts(0), hasPlaylists: true }, noted(2), NOW)).toMatchObject({ count: 20 });
  expect(viewersNow({ ...none, ingest: counts(0), hasPlaylists: true }, noted(), NOW)).toBeNull();
});
