import type { StreamFact } from '../domain/facts/stream-facts.ts';
import { isUnknown } from '../domain/health/contact.ts';
import { asNumber, asRecord, asText, type HealthSample } from '../domain/health/sample.ts';
import type { Health } from '../domain/health/state.ts';
import type { RunRecord, StreamRecord } from '../domain/stream-record.ts';
import { type Duration, type Instant, type Now, toIso } from '../domain/units.ts';
import type { ObsSetup } from './connectors/obs-setup.ts';

/** OBS says STOPPED on the same wire as its figures; a recording that is off without that word ended unseen. */
const STOP_EVENT_MS = 2000;
/** RCD-5: OBS gone for longer ends the run at its last sample. */
const LOST_MS = 60_000;
/** How far the zero of a recording that we meet again may lie from where we knew it; a shared encoder shifts it by 3.3 s. */
const SAME_RUN_MS = 5000;

/** Figures and events travel on one wire but are made by two threads of OBS. */
const STALE_MS = 1000;

interface Heard {
  ms: Duration;
  path: string | null;
}

/**
 * What OBS does with its recording and its scenes, turned into facts: recordings with their pauses and files. It hears
 * events for the exact instant and compares figures with the fold for the truth, so that a hub that was away catches up
 * (RCD-3).
 */
export class AirFacts {
  #setup: ObsSetup | null = null;
  #started: Heard | null = null;
  #stoppingMs: Duration | null = null;
  #stopped: Heard | null = null;
  #pausedMs: Duration | null = null;
  #resumedMs: Duration | null = null;
  #splits: Heard[] = [];
  #scene: string | null = null;
  #path: string | null = null;
  #lastActiveMs: Duration | null = null;
  /** last growth before the stall that was told newest */
  #toldStallMs: Duration | null = null;
  /** the counter counts its first reading as growth: only what is later has been seen to grow */
  #firstReadingMs: Duration | null = null;
  /** the open run was compared with what OBS records since the newest connection */
  #compared = false;

  /** path of the file being written, if OBS has told it */
  get path(): string | null {
    return this.#path;
  }

  connected(setup: ObsSetup): void {
    this.#setup = setup;
    this.#scene = setup.scene ?? this.#scene;
    this.#compared = false;
  }

  hear(sample: HealthSample, health: Health): void {
    if (sample.source === 'obs' && health.obs.record.active === true && sample.error === undefined)
      this.#lastActiveMs = sample.ms;
    this.#firstReadingMs ??= health.obs.record.bytes.lastGrowthMs;
    if (sample.source !== 'obs-event') return;
    const data = asRecord(asRecord(sample.data)?.['eventData']);
    switch (asText(asRecord(sample.data)?.['eventType'])) {
      case 'CurrentProgramSceneChanged':
        this.#scene = asText(data?.['sceneName']) ?? this.#scene;
        break;
      case 'RecordFileChanged':
        this.#path = asText(data?.['newOutputPath']);
        this.#splits.push({ ms: sample.ms, path: this.#path });
        break;
      case 'RecordStateChanged':
        this.#hearState(sample.ms, asText(data?.['outputState']) ?? '', asText(data?.['outputPath']));
        break;
    }
  }

  #hearState(ms: Duration, state: string, path: string | null): void {
    switch (state.replace('OBS_WEBSOCKET_OUTPUT_', '')) {
      case 'STARTED':
        this.#started = { ms, path };
        this.#path = path;
        this.#stopped = null;
        this.#stoppingMs = null;
        this.#splits = [];
        break;
      case 'STOPPING':
        this.#stoppingMs = ms;
        break;
      case 'STOPPED':
        this.#stopped = { ms, path };
        this.#path = null;
        break;
      case 'PAUSED':
        this.#pausedMs = ms;
        break;
      case 'RESUMED':
        this.#resumedMs = ms;
        break;
    }
  }

  /**
   * The next fact that the ledger lacks, or null.
   *
   * @param seq that the fact will get; a run is named by it
   * @param lastSeen when an earlier run of the hub last saw a recording going on
   */
  next(health: Health, record: StreamRecord, seq: number, now: Now, lastSeen: () => Instant | null): StreamFact | null {
    return (
      this.#sceneFact(record) ??
      (record.recording === null
        ? this.#beginning(health, seq, now)
        : this.#goingOn(health, record.recording, now, lastSeen))
    );
  }

  #sceneFact(record: StreamRecord): StreamFact | null {
    return this.#scene === null || this.#scene === record.scene
      ? null
      : { kind: 'scene.changed', body: { scene: this.#scene } };
  }

  /** Figures that were taken before OBS's newest word about the recording say nothing against it. */
  #figuresCount(health: Health): boolean {
    const word = Math.max(this.#started?.ms ?? -Infinity, this.#stopped?.ms ?? -Infinity);
    return (health.obs.contact.lastAnswerMs ?? -Infinity) > word + STALE_MS;
  }

  #beginning(health: Health, seq: number, now: Now): StreamFact | null {
    const started = this.#stopped === null ? this.#started : null;
    if (started === null && !(health.obs.record.active === true && this.#figuresCount(health))) return null;
    const zero = started === null ? this.#zeroOf(health) : started.ms;
    if (zero === null) return null;
    this.#compared = true;
    const setup = this.#setup;
    return {
      kind: 'recording.started',
      body: {
        run: `rec${seq}`,
        requestedAt: null,
        noticedAt: toIso(wallOf(now, zero)),
        path: started?.path ?? null,
        fps: setup?.fps ?? null,
        width: setup?.width ?? null,
        height: setup?.height ?? null,
        encoder: setup?.encoder ?? 'unknown',
        obsVersion: setup?.obsVersion ?? null,
        folder: setup?.recordFolder ?? null,
      },
    };
  }

  #goingOn(health: Health, run: RunRecord, now: Now, lastSeen: () => Instant | null): StreamFact | null {
    const { obs } = health;
    if (isUnknown(obs.contact, now.mono) || obs.record.active === null) {
      const silentMs = now.mono - (obs.contact.lastAnswerMs ?? 0);
      return silentMs >= LOST_MS ? this.#lost(run, now, lastSeen) : null;
    }
    if (this.#stopped !== null && wallOf(now, this.#stopped.ms) >= run.noticedAt) return this.#stop(run, now);
    if (!obs.record.active && !this.#figuresCount(health)) return null;
    if (!obs.record.active) return this.#stopUnheard(health, run, now, lastSeen);
    if (!this.#compared) {
      this.#compared = true;
      if (!this.#isSame(health, run, now)) return this.#lost(run, now, lastSeen);
    }
    return this.#split(run, now) ?? this.#pause(health, run, now) ?? this.#stall(health, run, now);
  }

  #stop(run: RunRecord, now: Now): StreamFact {
    const { ms, path } = this.#stopped ?? { ms: now.mono, path: null };
    // Stopped by hand: STOPPING is the instant, STOPPED comes when the file is written.
    const at = this.#stoppingMs ?? ms;
    this.#started = null;
    return {
      kind: 'recording.stopped',
      body: { run: run.run, requestedAt: null, noticedAt: toIso(wallOf(now, at)), path },
    };
  }

  #stopUnheard(health: Health, run: RunRecord, now: Now, lastSeen: () => Instant | null): StreamFact | null {
    const off = now.mono - (health.obs.record.inactiveSinceMs ?? now.mono);
    if (off < STOP_EVENT_MS) return null;
    this.#started = null;
    return this.#lost(run, now, lastSeen);
  }

  #lost(run: RunRecord, now: Now, lastSeen: () => Instant | null): StreamFact {
    const last = this.#lastActiveMs === null ? lastSeen() : wallOf(now, this.#lastActiveMs);
    this.#started = null;
    this.#compared = true;
    return {
      kind: 'recording.lost',
      body: { run: run.run, lastSampleAt: toIso(Math.max(run.noticedAt, last ?? run.noticedAt)) },
    };
  }

  #split(run: RunRecord, now: Now): StreamFact | null {
    const split = this.#splits.shift();
    if (split === undefined || split.path === null) return null;
    return {
      kind: 'recording.split',
      body: { run: run.run, index: run.files.length, path: split.path, noticedAt: toIso(wallOf(now, split.ms)) },
    };
  }

  #pause(health: Health, run: RunRecord, now: Now): StreamFact | null {
    const last = run.pauses.at(-1);
    const wasPaused = last !== undefined && last.to === null;
    const isPaused = health.obs.record.paused;
    if (wasPaused === isPaused) return null;
    const since = last === undefined ? run.noticedAt : (last.to ?? last.from);
    const heard = isPaused ? this.#pausedMs : this.#resumedMs;
    const at = heard !== null && wallOf(now, heard) >= since ? wallOf(now, heard) : now.at;
    return {
      kind: isPaused ? 'recording.paused' : 'recording.resumed',
      body: { run: run.run, requestedAt: null, noticedAt: toIso(at) },
    };
  }

  /**
   * Once for each stall: what the judge holds critical has stood still for ten seconds, and ends when it grows. A stall
   * that the ledger knows, and that nobody has seen grow since a restart, is the same one.
   */
  #stall(health: Health, run: RunRecord, now: Now): StreamFact | null {
    const { lastGrowthMs } = health.obs.record.bytes;
    const grade = health.grades.recordStallMs;
    if (grade < 2 || lastGrowthMs === null || lastGrowthMs === this.#toldStallMs) return null;
    if (run.isStalled && lastGrowthMs === this.#firstReadingMs) return null;
    this.#toldStallMs = lastGrowthMs;
    return { kind: 'recording.stalled', body: { run: run.run, noticedAt: toIso(wallOf(now, lastGrowthMs)) } };
  }

  /** When the recording that runs now began, from how much of it OBS has written (method E, without its lag). */
  #zeroOf(health: Health): Duration | null {
    const { record, contact } = health.obs;
    const durationMs = asNumber(record.durationMs);
    return durationMs === null || contact.lastAnswerMs === null ? null : contact.lastAnswerMs - durationMs;
  }

  #isSame(health: Health, run: RunRecord, now: Now): boolean {
    const zero = this.#zeroOf(health);
    if (zero === null) return true;
    const paused = run.pauses.reduce((sum, { from, to }) => sum + (to ?? now.at) - from, 0);
    return Math.abs(wallOf(now, zero) - paused - run.noticedAt) <= SAME_RUN_MS;
  }
}

function wallOf(now: Now, mono: Duration): Instant {
  return Math.round(now.at - (now.mono - mono));
}
