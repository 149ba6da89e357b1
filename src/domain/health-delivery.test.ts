import { describe, expect, it } from 'vitest';
import { calm, layerIs } from './health-testing.ts';
import { sourceVerdicts } from './health.ts';

describe('the edge', () => {
  it('that is two segments behind twice is told, four are critical', () => {
    const world = calm();
    world.edgeBehind = 1;
    expect(world.pass(10).filter(({ level }) => level !== 'ok')).toEqual([]);
    world.edgeBehind = 2;
    world.pass(1);
    expect(world.verdict.level).toBe('ok');
    world.pass(1);
    expect(world.verdict).toMatchObject({
      level: 'warn',
      cause: 'edge-stale',
      place: 'edge',
      symptoms: ['edgeLagSegments'],
    });
    world.edgeBehind = 4;
    world.pass(2);
    expect(world.verdict.level).toBe('critical');
    expect(sourceVerdicts(world.health).edge?.metrics['edgeLagSegments']).toBe(4);
  });
});

describe('segments', () => {
  it('that three times running take longer than half of their play are told, one that is slow is not', () => {
    const world = calm();
    const fetched = (tookMs: number): void => {
      world.say({
        source: 'hls-segment',
        ms: world.ms,
        data: { sequence: 1, tookMs, extinf: 2, bytes: 1, keyframeMs: 2000 },
      });
      world.pass(2);
    };
    for (const tookMs of [200, 1900, 200, 1200, 1200]) fetched(tookMs);
    expect(world.verdict.level).toBe('ok');
    fetched(1200);
    expect(world.verdict).toMatchObject({ level: 'warn', cause: 'packager-stalled', symptoms: ['segment'] });
    for (let i = 0; i < 3; i += 1) {
      world.say({ source: 'hls-segment', ms: world.ms, error: 'timeout' });
      world.pass(2);
    }
    expect(world.verdict.level).toBe('critical');
    expect(sourceVerdicts(world.health).hls?.metrics).toMatchObject({ segment: 1.5, keyframeMs: 2000 });
  });

  it('that are longer than the playlist promises are told', () => {
    const world = calm();
    const data = { status: 200, 'EXT-X-TARGETDURATION': 2, 'EXT-X-MEDIA-SEQUENCE': 400, EXTINF: 6, newestExtinf: 2.6 };
    world.say({ source: 'edge', ms: world.ms, data });
    expect(world.until(layerIs('delivery', 'warn'))).toBeLessThanOrEqual(250);
    expect(world.verdict.symptoms).toEqual(['segment']);
  });
});

describe('how far viewers are behind live', () => {
  const told = (wallAheadMs: number | null): Record<string, unknown> => {
    const world = calm({ wallAheadMs });
    const data = {
      status: 200,
      'EXT-X-TARGETDURATION': 2,
      'EXT-X-MEDIA-SEQUENCE': 400,
      EXTINF: 6,
      newestExtinf: 2,
      programDateTime: new Date(1_000_000 + world.ms - 12_000).toISOString(),
    };
    world.say({ source: 'hls', ms: world.ms, data });
    world.pass(0.5);
    return sourceVerdicts(world.health).hls?.metrics ?? {};
  };

  it('is told by the clock in the playlist', () => {
    expect(told(1_000_000)).toMatchObject({
      liveEdgeMs: 10_500,
      liveEdgeBy: 'program-date-time',
      liveEdgeLevel: 'warn',
    });
  });

  it('is told by when the segment came where no wall clock is known', () => {
    expect(told(null)).toMatchObject({ liveEdgeMs: 500, liveEdgeBy: 'first-seen', liveEdgeLevel: 'ok' });
  });
});

describe('what only follows from a worse trouble above', () => {
  it('is not judged, but named with the layer it follows from', () => {
    const world = calm();
    world.arriveKbps = 0;
    world.until(layerIs('transport', 'critical'));
    world.playlistStatus = 404;
    world.pass(4);
    expect(world.verdict.layers.delivery).toMatchObject({ level: 'unknown', cause: null, symptoms: [] });
    expect(world.verdict.follows).toEqual([{ id: 'playlistErrors', from: 'transport' }]);
    world.obsError = 'closed';
    world.pass(4);
    expect(world.verdict.cause).toBe('obs-gone');
    expect(world.verdict.follows).toContainEqual({ id: 'ingestStallMs', from: 'obs' });
    expect(world.verdict.symptoms).toEqual(['obsAnswerMs']);
  });

  it('is named no longer when it is judged again', () => {
    const world = calm();
    expect(world.verdict.follows).toEqual([]);
  });
});

describe('the backup', () => {
  it('is watched but not judged', () => {
    const world = calm();
    world.say({ source: 'rtmp-backup', ms: world.ms, data: { bytes_in: 5, stream: { bytes_in: 5 } } });
    for (let i = 0; i < 20; i += 1) {
      world.pass(1);
      world.say({ source: 'rtmp-backup', ms: world.ms, error: 'refused' });
      world.say({ source: 'hls-backup', ms: world.ms, data: { status: 503 } });
    }
    expect(world.verdict.level).toBe('ok');
    expect(world.health.backup.ingest).toMatchObject({ everListed: true, contact: { error: 'refused' } });
  });
});
