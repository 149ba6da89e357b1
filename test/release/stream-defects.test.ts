import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Judge from '../../src/domain/health.ts';
import { sourceVerdicts } from '../../src/domain/health.ts';
import type * as Incidents from '../../src/domain/health/incidents.ts';
import type * as State from '../../src/domain/health/state.ts';
import { realJudge } from '../properties/stream-rounds.ts';
import { type AnyJudge, CHECKS, type Check } from '../properties/stream-checks.ts';

/**
 * The judge with a defect planted in its text, and the check of test/properties/stream-checks.ts that is seen to hear it; on the judge
 * as it is the same check hears nothing. A defect whose place is no longer found fails: plant it anew.
 */
interface Defect {
  what: string;
  /** in src/domain/health */
  file: string;
  from: string;
  to: string;
  /** name of the check that must hear it */
  heardBy: string;
}

const DEFECTS: readonly Defect[] = [
  {
    what: 'a symptom is left where it is entered',
    file: 'transport-findings.ts',
    from: 'value >= 300 ? 1 : 0',
    to: 'value >= 500 ? 1 : 0',
    heardBy: 'a lag between the limits',
  },
  {
    what: 'a layer is well again at once',
    file: 'symptoms.ts',
    from: 'const CALM_MS = 10_000',
    to: 'const CALM_MS = 0',
    heardBy: 'a lag that comes and goes',
  },
  {
    what: 'there is no grace after a start',
    file: 'state.ts',
    from: 'return from !== null && now - from <',
    to: 'return from !== null && now - from < 0 *',
    heardBy: 'a late keyframe after a start',
  },
  {
    what: 'windows span epochs',
    file: 'counter.ts',
    from: 'if (reset) counter.points = [];',
    to: '',
    heardBy: 'ingest-killed',
  },
  {
    what: 'nothing is suppressed',
    file: 'layers.ts',
    from: "if (health.layers.obs.grade === 2) return 'obs';",
    to: '',
    heardBy: 'obs-killed',
  },
  {
    what: 'delivery is judged before it could fill again',
    file: 'layers.ts',
    from: 'return now - from < 3 * targetDurationMs(health) + 5000;',
    to: 'return false;',
    heardBy: 'a late keyframe after a start',
  },
  {
    what: 'not knowing is critical',
    file: 'transport-findings.ts',
    from: 'if (joined) return plain(2);',
    to: 'if (joined || silent >= 3000) return plain(2);',
    heardBy: 'a stat page away for four seconds',
  },
  {
    what: 'dark time is not counted',
    file: 'flow.ts',
    from: 'if (dark !== null) keep(flow.dark, dark);',
    to: '',
    heardBy: 'ingest-killed',
  },
  {
    what: 'a low rate alone is a fault',
    file: 'transport-findings.ts',
    from: 'if (ingestLagMs === 0 && droppedPct === 0 && congested === 0) return CALM;',
    to: '',
    heardBy: 'a calm picture',
  },
  {
    what: 'a recording that has stopped is waited for',
    file: 'recording-findings.ts',
    from: 'const RECORDING_CRITICAL_MS = 2000',
    to: 'const RECORDING_CRITICAL_MS = 20_000',
    heardBy: 'recording-stopped',
  },
  {
    what: 'the first cause stays, whatever is learned',
    file: 'layers.ts',
    from: 'const CAUSE_SETTLES_MS = 5000',
    to: 'const CAUSE_SETTLES_MS = 0',
    heardBy: 'path-beyond-gateway',
  },
  {
    what: 'a frozen OBS is believed',
    file: 'obs-findings.ts',
    from: 'const OBS_SILENT_MS = 3000',
    to: 'const OBS_SILENT_MS = 30_000',
    heardBy: 'obs-frozen',
  },
  {
    what: 'a stop by hand is no stop',
    file: 'obs-side.ts',
    from: 'const STOPPING_COUNTS_MS = 30_000',
    to: 'const STOPPING_COUNTS_MS = -1',
    heardBy: 'a stop by hand',
  },
  {
    what: 'an output that has gone is not missed',
    file: 'transport-findings.ts',
    from: 'return plain(health.obs.gaveUpMs === null ? 0 : 2);',
    to: 'return CALM;',
    heardBy: 'obs-gave-up',
  },
  {
    what: 'the slate is a frozen picture',
    file: 'source-findings.ts',
    from: 'health.config.stillScenes.includes(scene)',
    to: 'false',
    heardBy: 'the slate on purpose',
  },
  {
    what: 'an old playlist is taken for a new one',
    file: 'delivery-findings.ts',
    from: 'age > 1.5 * target + poll',
    to: 'age > 3.4 * target + poll',
    heardBy: 'playlist-frozen',
  },
  {
    what: 'the edge is blamed for the packager',
    file: 'causes.ts',
    from: "source === 'hls' &&",
    to: 'false &&',
    heardBy: 'playlist-frozen',
  },
  {
    what: 'the lag of the media is not measured',
    file: 'baselines.ts',
    from: 'const SLOW_ANSWER_MS = 250',
    to: 'const SLOW_ANSWER_MS = -1',
    heardBy: 'a throttle behind a large buffer',
  },
];

const DOMAIN = join(import.meta.dirname, '../../src/domain');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropdesk-defects-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A judge of its own, from a copy of the text, with one passage changed. */
async function judgeWith(defect: Defect, name: string): Promise<AnyJudge> {
  const copy = join(folder, name);
  mkdirSync(copy);
  for (const file of ['units.ts', 'words.ts', 'health.ts', 'health']) {
    cpSync(join(DOMAIN, file), join(copy, file), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  }
  writeFileSync(join(copy, 'tsconfig.json'), '{}');
  const path = join(copy, 'health', defect.file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(defect.from).length - 1, `places of "${defect.from}" in ${defect.file}`).toBe(1);
  writeFileSync(path, text.replace(defect.from, defect.to));
  const from = (file: string): string => pathToFileURL(join(copy, file)).href;
  const health = (await import(from('health.ts'))) as typeof Judge;
  const state = (await import(from('health/state.ts'))) as typeof State;
  const incidents = (await import(from('health/incidents.ts'))) as typeof Incidents;
  const book: Incidents.IncidentBook = new Map();
  return {
    initialHealth: state.initialHealth,
    observe: health.observe,
    judge: health.judge,
    ended: (of) => incidents.keepIncidents(book, of),
    figures: health.sourceVerdicts,
  };
}

function checkOf({ heardBy }: Defect): Check {
  const check = CHECKS[heardBy];
  if (check === undefined) throw new Error(`there is no check "${heardBy}"`);
  return check;
}

describe('a judge with a planted defect', () => {
  it('has ten and more of them tried', () => {
    expect(DEFECTS.length).toBeGreaterThanOrEqual(10);
  });

  it.each(DEFECTS.map((defect, n) => [defect.what, defect, n] as const))('%s: is heard', async (_, defect, n) => {
    const check = checkOf(defect);
    expect(check({ ...realJudge(), figures: sourceVerdicts })).toEqual([]);
    expect(check(await judgeWith(defect, `planted-${n}`))).not.toEqual([]);
  });
});
