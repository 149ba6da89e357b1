import { describe, expect, it } from 'vitest';
import { frameAt, frameMs, mediaTime, type RecordingRun, segmentEnd, segmentsOf } from './media-time.ts';

const T0 = Date.parse('2026-11-28T19:00:00.000Z');

/** Ten minutes at 30 fps, stopped by the hub; OBS said STARTED 100 ms after the first frame. */
function run(more: Partial<RecordingRun> = {}): RecordingRun {
  return {
    run: 'rec1',
    noticedAt: T0 + 100,
    encoder: 'own',
    fps: { num: 30, den: 1 },
    width: 1280,
    height: 720,
    pauses: [],
    stop: { at: T0 + 600_000, asked: true },
    lostAt: null,
    files: [{ path: '/rec/a.mkv', from: T0, probe: { videoFrames: 18_000, durationMs: 600_021 } }],
    samples: [],
    ...more,
  };
}

describe('media time', () => {
  it('counts back from a clean stop by video frames, never by the container', () => {
    const [segment] = segmentsOf(run());
    expect(segment).toMatchObject({ method: 'C', zeroAt: T0 + 17, durationMs: 600_000, state: 'final' });
    expect(segment?.estimates.map(({ method }) => method)).toEqual(['C', 'D']);
  });

  it('drops the start event when the recording shares the stream encoder', () => {
    const samples = [{ at: T0 + 10_000, outputMs: 9_400 }];
    const [segment] = segmentsOf(
      run({ encoder: 'shared', samples, files: [{ path: '/rec/a.mkv', from: T0, probe: null }] }),
    );
    expect(segment).toMatchObject({ method: 'E', zeroAt: T0, state: 'unreachable', loMs: -600, hiMs: 600 });
  });

  it('widens the bound and says so when two methods cannot both be right', () => {
    const [segment] = segmentsOf(run({ noticedAt: T0 + 2000 }));
    expect(segment?.flags).toEqual(['disagree']);
    expect((segment?.zeroAt ?? 0) + (segment?.hiMs ?? 0)).toBeGreaterThanOrEqual(T0 + 2000);
  });

  it('puts an instant inside a pause on the pause edge, and takes the pause out of what follows', () => {
    const pauses = [{ from: T0 + 60_000, to: T0 + 90_000 }];
    const [segment] = segmentsOf(
      run({ pauses, files: [{ path: '/rec/a.mkv', from: T0, probe: { videoFrames: 17_100, durationMs: 570_000 } }] }),
    );
    if (!segment) throw new Error('no segment');
    const zero = segment.zeroAt;
    expect(mediaTime(segment, T0 + 75_000)).toEqual({ ms: T0 + 60_000 - zero, inPause: true, clamped: false });
    expect(mediaTime(segment, T0 + 100_000)).toEqual({ ms: T0 + 70_000 - zero, inPause: false, clamped: false });
    expect(segmentEnd(segment)).toBe(zero + 600_000);
  });

  it('joins splits seamlessly by frames', () => {
    const probe = { videoFrames: 9_000, durationMs: 300_050 };
    const files = ['/rec/a.mkv', '/rec/b.mkv'].map((path, index) => ({ path, from: T0 + index * 300_300, probe }));
    const [first, second] = segmentsOf(run({ files }));
    expect((second?.zeroAt ?? 0) - (first?.zeroAt ?? 0)).toBe(300_000);
  });

  it('clamps near the edges and gives nothing more than a minute outside', () => {
    const [segment] = segmentsOf(run());
    if (!segment) throw new Error('no segment');
    expect(mediaTime(segment, T0 - 5_000)).toEqual({ ms: 0, inPause: false, clamped: true });
    expect(mediaTime(segment, T0 - 70_000)).toBeNull();
  });

  it('says recovered when OBS was lost and open while it runs', () => {
    expect(segmentsOf(run({ stop: null, lostAt: T0 + 500_000 }))[0]?.state).toBe('recovered');
    expect(segmentsOf(run({ stop: null }))[0]?.state).toBe('open');
  });

  it('rounds to a frame once', () => {
    const ntsc = { num: 30_000, den: 1001 };
    expect(frameAt(1000, ntsc)).toBe(30);
    expect(frameMs(30, ntsc)).toBe(1001);
    expect(frameAt(16.6, { num: 30, den: 1 })).toBe(0);
  });
});
