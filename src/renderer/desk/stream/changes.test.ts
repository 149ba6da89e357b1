import { expect, it } from 'vitest';
import type { WireEntry } from '../../../contract/messages.ts';
import { changeOf } from './changes.ts';

const AT = '2026-11-28T20:00:10.000Z';
const EARLIER = '2026-11-28T20:00:05.000Z';
const entry = (kind: string, body: object): WireEntry => ({ seq: 7, at: AT, kind, body }) as unknown as WireEntry;
const TROUBLE = { incident: 'i7', layer: 'transport', level: 'critical', cause: 'x', message: 'Broken.', snapshot: {} };

it('stands where the thing was, not where it was written down', () => {
  expect(changeOf(entry('stream.degraded', { ...TROUBLE, startedAt: EARLIER }))).toEqual({
    seq: 7,
    at: Date.parse(EARLIER),
    text: 'Transport: Broken.',
    tone: 'p1',
    deed: false,
    viewers: null,
  });
  expect(changeOf(entry('scene.changed', { scene: 'Slate' }))).toMatchObject({ at: Date.parse(AT), deed: true });
});

it('says how a trouble went on', () => {
  expect(changeOf(entry('stream.eased', { ...TROUBLE, level: 'warn' }))).toMatchObject({
    text: 'Transport, better: Broken.',
    tone: 'p3',
  });
  const recovered = { incident: 'i7', layer: 'delivery', endedAt: AT, worst: 'critical', causes: [], starvedMs: 0 };
  expect(changeOf(entry('stream.recovered', { ...recovered, darkMs: 12_000 }))?.text).toBe(
    'Delivery is well again, dark for 00:12',
  );
  expect(changeOf(entry('stream.recovered', { ...recovered, darkMs: 0 }))?.text).toBe('Delivery is well again');
});

it('tells a deed from a proposal, and what was only thought', () => {
  const move = { action: 'f9', what: 'switch-ingest', from: 'primary', to: 'backup', why: 'Dark for 8 s.' };
  expect(
    changeOf(entry('failover.proposed', { ...move, mode: 'observe', wouldHave: true, snapshot: {} })),
  ).toMatchObject({
    text: 'Would have proposed: Switch of ingest. Dark for 8 s.',
    deed: false,
  });
  expect(changeOf(entry('failover.finished', { ...move, tookMs: 2340 }))).toMatchObject({
    text: 'Switch of ingest, done after 2.3 s',
    deed: true,
  });
});

it('counts an audit in its three words, and viewers as a figure', () => {
  const results = ['pass', 'pass', 'warn', 'unknown', 'fail', 'skipped'].map((result) => ({ result }));
  expect(changeOf(entry('audit.finished', { results }))?.text).toBe('Pre-flight: 2 GO, 2 CHECK, 1 NO-GO');
  expect(changeOf(entry('viewers.noted', { count: 87, at: EARLIER, source: 'desk', by: 'desk' }))).toMatchObject({
    text: '87 viewers noted',
    viewers: 87,
    at: Date.parse(EARLIER),
  });
});

it('leaves out what has nothing to do with the stream', () => {
  expect(changeOf(entry('sale.recorded', { saleId: 's1' }))).toBeNull();
});
