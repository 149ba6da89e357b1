import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readStat } from './nginx-rtmp.ts';

const RECORDED = readFileSync(
  join(import.meta.dirname, '../../../test/fixtures/stream/nginx-rtmp-1.1.4-stat.xml'),
  'utf8',
);
const OURS = { application: 'live', name: 'show-4f1c9a' };

it('finds our stream in what nginx-rtmp 1.1.4 really answered', () => {
  expect(readStat(RECORDED, OURS)).toMatchObject({
    bytes_in: expect.any(Number),
    pid: expect.any(Number),
    stream: { nclients: 0, publishing: true, active: true, client: { timestamp: 6016 } },
  });
});

it('says "not listed" for another name or application, byte for byte', () => {
  expect(readStat(RECORDED, { ...OURS, name: 'SHOW-4f1c9a' })?.stream).toBeNull();
  expect(readStat(RECORDED, { ...OURS, application: 'other' })?.stream).toBeNull();
});

it('takes one of several applications, streams and clients, and a stream without a publisher', () => {
  const stream = (name: string, client = ''): string =>
    `<stream><name>${name}</name><bytes_in>5</bytes_in>${client}</stream>`;
  const application = (name: string, streams: string): string =>
    `<application><name>${name}</name><live>${streams}</live></application>`;
  const watching = '<client><timestamp>1</timestamp></client>';
  const sending = '<client><timestamp>99</timestamp><publishing/></client>';
  const page = `<rtmp><server>${application('a', stream('x'))}${application('live', stream('y', watching + sending) + stream('007'))}</server></rtmp>`;
  expect(readStat(page, { application: 'live', name: 'y' })?.stream?.client.timestamp).toBe(99);
  expect(readStat(page, { application: 'live', name: '007' })?.stream).toMatchObject({
    publishing: false,
    client: { timestamp: null },
  });
});

it('counts players and not the publisher, whether clients are listed or not', () => {
  const page = (inside: string): string =>
    `<rtmp><server><application><name>live</name><live><stream><name>x</name>${inside}</stream></live></application></server></rtmp>`;
  const read = (inside: string): unknown =>
    readStat(page(inside), { application: 'live', name: 'x' })?.stream?.nclients;
  const sending = '<client><publishing/></client>';
  expect(read(`${sending}<client/><client/><nclients>3</nclients><publishing/>`)).toBe(2);
  expect(read('<nclients>3</nclients><publishing/>')).toBe(2);
  expect(read('<client/><nclients>1</nclients>')).toBe(1);
  expect(read(`${sending}<nclients>0</nclients>`)).toBe(0);
  expect(read(sending)).toBeNull();
  expect(read(`${sending}<nclients>-4</nclients>`)).toBeNull();
});

it('takes no number that a counter cannot be', () => {
  const strange = ['NaN', '-5', 'Infinity', '1e999', '12x', ' ', '<b/>'];
  for (const value of strange) {
    const page = `<rtmp><bytes_in>${value}</bytes_in><pid>${value}</pid><server/></rtmp>`;
    expect(readStat(page, OURS), value).toEqual({ bytes_in: null, pid: null, stream: null });
  }
});

it.each(['<a', '<a ', '</', '<!--', '<a b="', '&lt;', ']]>'])('is done with a page of %j at once', (piece) => {
  const began = performance.now();
  readStat(`<rtmp>${piece.repeat(Math.floor(990_000 / piece.length))}`, OURS);
  expect(performance.now() - began).toBeLessThan(700);
});

it('with nobody streaming lists nothing and is still a stat page', () => {
  const page =
    '<rtmp><pid>3</pid><server><application><name>live</name><live><nclients>0</nclients></live></application></server></rtmp>';
  expect(readStat(page, OURS)).toEqual({ bytes_in: null, pid: 3, stream: null });
  expect(readStat('<rtmp/>', OURS)).toEqual({ bytes_in: null, pid: null, stream: null });
});

it.each([
  ['', 'empty'],
  ['{"rtmp":1}', 'not XML'],
  ['<html><body>Welcome to nginx!</body></html>', 'another page'],
  [`<!DOCTYPE rtmp [<!ENTITY a "aaaa">]>${RECORDED}`, 'with a doctype'],
  [`<rtmp>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</rtmp>`, 'too deep'],
  [`<rtmp>${'<a/>'.repeat(6000)}</rtmp>`, 'too many elements'],
])('refuses a page that is not one: %#', (page) => {
  expect(readStat(page, OURS)).toBeNull();
});
