import { describe, expect, it } from 'vitest';
import { type SourceDefaults, outsideAttribution, rungAttribution, snapshotAttribution } from './attribution.ts';
import type { OutsideSale } from './commands.ts';
import type { SnapshotHints } from './order-snapshot.ts';
import { offer, plan } from './testing.ts';

const crew = plan({
  people: [
    { id: 'ana', name: 'Ana', role: 'co-host', code: 'ANA10', feeMinor: null },
    { id: 'ben', name: 'Ben', role: 'co-host', code: 'ben5', feeMinor: null },
  ],
  channels: {
    ana10: 'social',
    LIVE: 'stream',
    'shop.example/stage': 'in-person',
    'qr-7': 'in-person',
    tiktok: 'social',
  },
});

function hinted(more: Partial<SnapshotHints>, defaults: SourceDefaults | null = null) {
  const hints = { channel: null, isPos: false, codes: [], link: null, utm: [], ...more };
  return snapshotAttribution(crew, { source: 'shopify:a.example', hints, offer: null }, defaults);
}

describe('the channel of an outside order', () => {
  it('is in person when the source rang it at its point of sale, whatever else it declares', () => {
    expect(hinted({ isPos: true, channel: 'stream', codes: ['ana10'] })).toMatchObject({
      channel: 'in-person',
      rule: 'source-pos',
      evidence: 'shopify:a.example',
      creator: 'ana',
    });
  });

  it('is what the source declared before what a code says', () => {
    expect(hinted({ channel: 'stream', codes: ['ana10'] })).toMatchObject({ channel: 'stream', rule: 'declared' });
  });

  it('follows code, then link, then utm, each without regard to case and outer spaces', () => {
    const all = { codes: ['OTHER', ' Live '], link: 'https://shop.example/stage', utm: ['tiktok'] };
    expect(hinted(all)).toMatchObject({ channel: 'stream', rule: 'code', evidence: 'live' });
    expect(hinted({ ...all, codes: [] })).toMatchObject({ channel: 'in-person', rule: 'link' });
    expect(hinted({ utm: ['spring', ' TikTok'] })).toMatchObject({
      channel: 'social',
      rule: 'utm',
      evidence: 'tiktok',
    });
  });

  it.each([
    ['HTTPS://www.Shop.example/stage/', 'shop.example/stage'],
    ['https://shop.example/stage?x=1#top', 'shop.example/stage'],
    ['https://shop.example/p?from=QR%2D7', 'qr-7'],
  ])('knows the link %s', (link, evidence) => {
    expect(hinted({ link })).toMatchObject({ channel: 'in-person', rule: 'link', evidence });
  });

  it('leaves a utm value in a link to the rule for utm', () => {
    expect(hinted({ link: 'https://shop.example/?utm_source=tiktok' })).toMatchObject({ rule: 'none' });
  });

  it('is the default of its source only when the producer gave one, by whole name before kind', () => {
    expect(hinted({})).toMatchObject({ channel: 'unattributed', rule: 'none', evidence: null });
    expect(hinted({}, { shopify: 'stream' })).toMatchObject({ channel: 'stream', rule: 'source-default' });
    expect(hinted({}, { shopify: 'stream', 'shopify:a.example': 'social' })).toMatchObject({ channel: 'social' });
    expect(hinted({}, { square: 'stream' })).toMatchObject({ rule: 'none' });
    expect(hinted({ utm: ['tiktok'] }, { shopify: 'stream' })).toMatchObject({ rule: 'utm' });
  });
});

describe('the creator of an order', () => {
  it('is the one whose code comes first; codes of others are kept, not credited', () => {
    expect(hinted({ codes: ['SUMMER', 'BEN5', 'ana10', 'ben5 '] })).toMatchObject({
      creator: 'ben',
      creatorRule: 'code',
      creatorCode: 'BEN5',
      otherCodes: ['ana10'],
    });
    expect(hinted({ codes: ['ANA10'] })).not.toHaveProperty('otherCodes');
  });

  it('is found in a link when there is no code', () => {
    expect(hinted({ link: 'https://shop.example/c/Ana10' })).toMatchObject({ creator: 'ana', creatorRule: 'link' });
    expect(hinted({ link: 'https://shop.example/?ref=ben5', codes: ['ana10'] })).toMatchObject({ creatorRule: 'code' });
    expect(hinted({ link: 'https://shop.example/c/banana10' })).toMatchObject({ creator: null, creatorRule: 'none' });
  });

  it('is the one to whom the offer belongs when neither code nor link names one', () => {
    const exclusive = offer('drop', 'MUG', { creator: 'ben' });
    const rung = { channel: 'stream' as const, evidence: 'desk', offer: exclusive };
    expect(rungAttribution(crew, { ...rung, creatorCode: null })).toMatchObject({
      creator: 'ben',
      creatorRule: 'offer',
    });
    expect(rungAttribution(crew, { ...rung, creatorCode: 'ana10' })).toMatchObject({ creator: 'ana' });
  });

  it('never comes from an empty code or a person without one', () => {
    const nobody = plan({ people: [{ id: 'cem', name: 'Cem', role: 'co-host', code: null, feeMinor: null }] });
    const rung = { channel: 'stream' as const, evidence: 'desk', creatorCode: ' ', offer: null };
    expect(rungAttribution(nobody, rung)).toMatchObject({ creator: null, creatorRule: 'none', creatorCode: ' ' });
  });
});

it('reads a single outside sale by the same rules and keeps its code as it came', () => {
  const sale: OutsideSale = {
    type: 'sale',
    source: 'generic:my-shop',
    sourceId: '1',
    at: '2026-11-28T18:10:00.000Z',
    channel: null,
    lines: [],
    creatorCode: 'CEM1',
    tender: 'card',
    tipMinor: 0,
    personRef: null,
  };
  expect(outsideAttribution(crew, sale, { generic: 'social' })).toEqual({
    channel: 'social',
    rule: 'source-default',
    evidence: 'generic:my-shop',
    creator: null,
    creatorRule: 'none',
    creatorCode: 'CEM1',
  });
});
