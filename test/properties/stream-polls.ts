import type { HealthSample, ProbeError } from '../../src/domain/health/sample.ts';
import { edgeNewest, obsAnswer, playlistAnswer, segmentAnswer, statAnswer } from './stream-answers.ts';
import type { StreamDice } from './stream-dice.ts';
import type { Outcome, StreamWorld } from './stream-world.ts';

/** One question that the hub asks again and again, never two at once (STR-8). */
export interface Poll {
  name: 'obs' | 'rtmp' | 'hls' | 'edge' | 'gateway' | 'ingest' | 'backup' | 'picture' | 'audio';
  everyMs: number;
  deadlineMs: number;
  /** when it is asked, or when its deadline runs out */
  dueMs: number;
  running: boolean;
  /** a harmless thing that happens to the next answer: it is lost, or so late */
  once: { outcome: Outcome } | { tookMs: number } | null;
  dice: StreamDice;
  /** errors in a row: a closed connection is tried again more and more seldom (STR-15) */
  errors: number;
  seen: number | null;
}

export function pollsOf({ rig }: StreamWorld, dice: StreamDice): Poll[] {
  const poll = (name: Poll['name'], everyMs: number, deadlineMs = 1000): Poll => ({
    name,
    everyMs,
    deadlineMs,
    dueMs: dice.between(0, everyMs),
    running: false,
    once: null,
    dice: dice.fork(),
    errors: 0,
    seen: null,
  });
  return [
    poll('obs', rig.obsMs, 1500),
    poll('rtmp', 500),
    poll('hls', rig.playlistMs),
    ...(rig.edge ? [poll('edge', rig.playlistMs)] : []),
    ...(rig.probeMs === null
      ? []
      : [poll('gateway', rig.probeMs), poll('ingest', rig.probeMs), poll('backup', rig.probeMs)]),
    ...(rig.watchesPicture ? [poll('picture', 2000, 1500), poll('audio', 1000)] : []),
  ];
}

/** Asks, or hears the end of what was asked. @returns what the hub would measure of it */
export function turn(poll: Poll, world: StreamWorld): HealthSample[] {
  const ms = Math.round(world.ms);
  if (poll.running) {
    poll.running = false;
    next(poll);
    return [failed(poll, ms, 'timeout')];
  }
  const outcome = outcomeOf(poll, world);
  if (outcome === 'timeout') {
    poll.running = true;
    poll.dueMs += poll.deadlineMs;
    return [];
  }
  poll.errors = outcome === 'ok' || outcome === 'mute' ? 0 : poll.errors + 1;
  next(poll);
  if (outcome === 'refused' || outcome === 'closed') return [failed(poll, ms, outcome)];
  const samples = answers(poll, world, ms, outcome === 'mute');
  poll.once = null;
  return samples;
}

/** How a timer of a busy hub runs: within a few ms, now and then tens of them. */
function next(poll: Poll): void {
  const { dice } = poll;
  const retryMs = poll.name === 'obs' && poll.errors > 0 ? Math.min(5000, 500 * 2 ** poll.errors) : 0;
  const jitter = dice.chance(0.02) ? dice.between(-20, 60) : dice.normal(5);
  poll.dueMs += Math.max(poll.everyMs, retryMs) + jitter;
}

function failed(poll: Poll, ms: number, error: ProbeError): HealthSample {
  const { name } = poll;
  poll.once = null;
  if (name === 'gateway' || name === 'ingest' || name === 'backup') {
    return { source: 'network', ms, error, target: name, data: { target: name } };
  }
  return { source: name, ms, error };
}

function outcomeOf(poll: Poll, world: StreamWorld): Outcome {
  if (poll.once !== null && 'outcome' in poll.once) return poll.once.outcome;
  const { knobs, rig } = world;
  switch (poll.name) {
    case 'obs':
      return knobs.obs;
    case 'picture':
    case 'audio':
      return 'ok';
    case 'rtmp':
      return knobs.stat === 'ok' && poll.dice.chance(rig.statLoss) ? 'timeout' : knobs.stat;
    case 'hls':
      return typeof knobs.origin === 'number' ? 'ok' : knobs.origin;
    case 'edge':
      return typeof knobs.edge === 'number' ? 'ok' : knobs.edge;
    default:
      if (knobs.probe[poll.name] === 'ok' && poll.dice.chance(knobs.probeLoss)) return 'timeout';
      return knobs.probe[poll.name];
  }
}

function answers(poll: Poll, world: StreamWorld, ms: number, mute: boolean): HealthSample[] {
  const { dice } = poll;
  switch (poll.name) {
    case 'obs': {
      const tookMs = poll.once !== null && 'tookMs' in poll.once ? poll.once.tookMs : obsTookMs(dice);
      return [{ source: 'obs', ms, tookMs, data: obsAnswer(world, dice) }];
    }
    case 'rtmp':
      return [{ source: 'rtmp', ms, data: statAnswer(world, dice) }];
    case 'hls':
      return playlist(poll, world, ms, world.knobs.origin, world.server.newest);
    case 'edge':
      return playlist(poll, world, ms, world.knobs.edge, freshAtEdge(poll, world));
    case 'picture':
      // Without OBS there is no picture to ask for.
      return world.knobs.obs === 'ok' ? [{ source: 'picture', ms, data: picture(world, dice) }] : [];
    case 'audio':
      return world.knobs.obs === 'ok' ? [{ source: 'audio', ms, data: sound(world, dice) }] : [];
    default:
      return [{ source: 'network', ms, data: probe(poll, world, mute) }];
  }
}

/** Measured: half under 1.5 ms, a tenth over 5 ms, one in a hundred over 10 ms. */
function obsTookMs(dice: StreamDice): number {
  const roll = dice.next();
  if (roll > 0.995) return dice.between(12, 140);
  if (roll > 0.9) return dice.between(5, 10);
  return dice.between(0.6, roll > 0.5 ? 5 : 1.5);
}

function playlist(
  poll: Poll,
  world: StreamWorld,
  ms: number,
  status: number | Outcome,
  newest: number,
): HealthSample[] {
  const source = poll.name;
  if (status !== 200) return [{ source, ms, data: { status } }];
  if (!world.server.hasFiles) return [{ source, ms, data: { status: 404 } }];
  const samples: HealthSample[] = [{ source, ms, data: playlistAnswer(world, newest) }];
  if (newest !== poll.seen && newest % 3 === 0) {
    samples.push({ source: `${source}-segment`, ms, data: segmentAnswer(world, newest, poll.dice) });
  }
  poll.seen = newest;
  return samples;
}

function freshAtEdge(poll: Poll, world: StreamWorld): number {
  if (!world.knobs.edgeFresh && poll.seen !== null) return poll.seen;
  return Math.max(edgeNewest(world, poll.dice.between(50, 900)), poll.seen ?? 0);
}

function picture({ knobs }: StreamWorld, dice: StreamDice): object {
  const moves = knobs.picture === 'moves' && knobs.scene === 'Live';
  const hash = moves ? Math.floor(dice.next() * 2 ** 32).toString(16) : `${knobs.scene}-${knobs.picture}`;
  return { hash, meanLuma: knobs.picture === 'black' ? dice.between(0, 2) : dice.between(60, 110), scene: knobs.scene };
}

function sound({ knobs }: StreamWorld, dice: StreamDice): object {
  return { input: 'Mic', peakDb: knobs.silent ? dice.between(-90, -62) : dice.between(-30, -12) };
}

function probe(poll: Poll, world: StreamWorld, mute: boolean): object {
  const { rig, knobs } = world;
  const near = poll.name === 'gateway';
  const connectMs =
    (near ? 1.5 : rig.rttMs) * poll.dice.between(0.9, 1.1) + knobs.probeSlowMs * poll.dice.between(0.8, 1.3);
  if (near) return { target: 'gateway', connectMs };
  if (mute) return { target: poll.name, connectMs, handshakeError: 'timeout' };
  return { target: poll.name, connectMs, handshakeMs: connectMs * 2.1 };
}
