import { expect, it } from 'vitest';
import { initialViewers } from '../../domain/viewers.ts';
import { readViewersCsv } from './csv-viewers.ts';

const options = { timeZone: 'Europe/Lisbon', mapping: undefined, source: 'file' };
function read(text: string, known = initialViewers()) {
  const rows = readViewersCsv(Buffer.from(text), known, options);
  if ('refusal' in rows) throw new Error(rows.refusal.message);
  return rows;
}

it('reads a time and a count a row, in the show’s own time, and who told it', () => {
  const { items, problems } = read('Time;Viewers;Platform\n2026-07-28 19:05;412;youtube\n2026-07-28T18:06:00Z;430;\n');
  expect(problems).toEqual([]);
  expect(items).toEqual([
    { at: Date.parse('2026-07-28T18:05:00Z'), count: 412, source: 'youtube' },
    { at: Date.parse('2026-07-28T18:06:00Z'), count: 430, source: 'file' },
  ]);
});

it('takes nothing of a file with a row that does not fit, and says which', () => {
  const { problems } = read('at,count\n2026-07-28 19:05,many\n2026-07-28 19:06,\nsoon,3\n2026-07-28 19:07,4\n');
  expect(problems.map(({ row }) => row)).toEqual([2, 3, 4]);
});

it('tells nothing twice, in one file or in two', () => {
  const text = 'at,count\n2026-07-28 19:05,5\n2026-07-28 19:05,6\n';
  const first = read(text);
  expect([first.added.length, first.unchanged.length]).toEqual([1, 1]);
  const known = { notes: first.items };
  expect(read(text, known).added).toEqual([]);
});

it('asks for a column that is not there', () => {
  expect(readViewersCsv(Buffer.from('at,people\n'), initialViewers(), options)).toMatchObject({
    refusal: { code: 'unreadable' },
  });
});
