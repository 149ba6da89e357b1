import type { Duration } from '../../domain/units.ts';
import { soundLevelCheck } from './audio-level.ts';
import type { Check } from './check.ts';
import { ENCODER_CHECKS } from './encoder-checks.ts';
import { recordingReadyCheck, roomCheck } from './recording-checks.ts';
import { diskSpeedCheck } from './recording-disk.ts';
import { mediaCheck, sceneNamesCheck, transitionCheck } from './scene-checks.ts';
import { slateRehearsalCheck } from './scene-rehearsal.ts';
import { TEST_STREAM_CHECKS } from './test-stream-checks.ts';

/** The checks that ask OBS. */
export const OBS_CHECKS: Readonly<Record<string, Check>> = {
  ...ENCODER_CHECKS,
  ...TEST_STREAM_CHECKS,
  'aud-1': soundLevelCheck,
  'scn-1': sceneNamesCheck,
  'scn-2': slateRehearsalCheck,
  'scn-3': mediaCheck,
  'scn-4': transitionCheck,
  'rec-1': recordingReadyCheck,
  'rec-2': roomCheck,
  'rec-3': diskSpeedCheck,
};

/** Five seconds of sound and two of asking; the second half of the test stream comes after its first. */
export const OBS_DEADLINES: Readonly<Record<string, Duration>> = {
  'aud-1': 8000,
  'fail-4': 28_000,
  'fail-5': 28_000,
  'scn-2': 28_000,
};
