import { type Check, type Finding, fails, passed, skips, unknowable, warns } from './check.ts';
import { askingObs } from './obs-settings.ts';
import { backupIngest } from './places.ts';
import { rankUpTo } from './rank.ts';
import { type EncoderLook, type Missed, type SecondStart, testStream } from './test-stream.ts';
import { whyNotTo } from './test-stream-plan.ts';

const KEYFRAME_FIX = 'Set keyframe interval to 2 s.';

/** enc-2: the distance of keyframes, read on the line of the test stream. */
export const keyframeCheck = askingObs(async (ground) => {
  const look = await (await testStream(ground, 'keyframes')).encoder;
  return isMissed(look) ? missedFinding(look) : keyframeFinding(look);
});

export function keyframeFinding({ keyframes }: EncoderLook): Finding {
  if (keyframes === null)
    return unknowable('No keyframe was seen: the line to the ingest could not be read along.', KEYFRAME_FIX);
  const { longestMs, openMs } = keyframes;
  // With one keyframe only, what came after it is the least that the interval can be.
  const ms = Math.max(longestMs ?? 0, openMs > 4000 ? openMs : 0);
  if (longestMs === null && ms === 0) return unknowable('Only one keyframe was seen.', 'Run it again.');
  const evidence = `Keyframes every ${longestMs === null ? 'more than ' : ''}${(ms / 1000).toFixed(1)} s, measured.`;
  const result = rankUpTo(ms, 2200, 4000);
  return result === 'pass' ? passed(evidence) : { result, evidence, fix: KEYFRAME_FIX };
}

/** enc-4: frames that encoder and renderer lose under the load of a stream, or of a recording. */
export const encoderLoadCheck = askingObs(async (ground) => {
  const look = await (await testStream(ground, 'lag')).encoder;
  return isMissed(look) ? missedFinding(look) : loadFinding(look);
});

export function loadFinding({ lag, forMs }: EncoderLook): Finding {
  if (lag.encoder === null && lag.render === null) return unknowable('OBS made no frame to count by.', 'Run it again.');
  const [encoder, render] = [lag.encoder ?? 0, lag.render ?? 0];
  const evidence = `Encoder lost ${encoder.toFixed(1)} %, renderer ${render.toFixed(1)} % in ${Math.round(forMs / 1000)} s.`;
  const fix = 'Lower the output size, or use a hardware encoder.';
  const worst = Math.max(encoder, render);
  return worst < 1 ? passed(evidence) : worst < 5 ? warns(evidence, fix) : fails(evidence, fix);
}

/** fail-4: the recording goes on while the stream stops and starts. */
export const recordingOutlivesCheck = askingObs(async (ground) => {
  const start = await (await testStream(ground, 'recording')).again;
  return isMissed(start) ? missedFinding(start) : outlivesFinding(start);
});

export function outlivesFinding({ recording }: SecondStart): Finding {
  if ('skipped' in recording) return skips(recording.skipped);
  const file = recording.file === null ? '' : ` The test recording “${recording.file}” may be deleted.`;
  return recording.grew
    ? passed(`The recording grew through a stop and a start of the stream.${file}`)
    : fails(`The recording stopped with the stream.${file}`, 'Record with its own encoder, or use Tier A.');
}

/** fail-5: the switch to the backup, with a name of ours, timed from the stop to the first bytes. */
export const switchRehearsalCheck = askingObs(async (ground, signal) => {
  if (ground.stream.relay !== null) return skips('The relay carries the stream; OBS is not switched.');
  if (ground.stream.backupIngest === null) return skips('No backup ingest is planned.');
  const backup = backupIngest(ground.stream);
  if (backup === null) return fails('The backup is no rtmp address.', 'See step that failed: Set the backup in OBS.');
  const why = await whyNotTo(ground, backup);
  if (why !== null) return skips(why);
  signal.throwIfAborted();
  const start = await (await testStream(ground, 'switch')).again;
  return isMissed(start) ? switchMissed(start) : switchFinding(start);
});

export function switchFinding({ switchMs }: SecondStart): Finding {
  if (switchMs === null) return unknowable('The switch was not made.', 'Run it again.');
  const evidence = `Switched to the backup in ${(switchMs / 1000).toFixed(1)} s, from the stop to the first bytes.`;
  const fix = 'See step that failed: first bytes at the backup. A shorter keyframe interval makes it quicker.';
  const result = rankUpTo(switchMs, 5000, 15_000);
  return result === 'pass' ? passed(evidence) : { result, evidence, fix };
}

function switchMissed(missed: Missed): Finding {
  if ('skipped' in missed) return skips(missed.skipped);
  return fails(`${missed.step}: ${missed.failed}.`, `See step that failed: ${missed.step}.`);
}

/** A stream that could not be made says nothing about what was to be measured with it. */
function missedFinding(missed: Missed): Finding {
  if ('skipped' in missed) return skips(missed.skipped);
  return unknowable(
    `${missed.step}: ${missed.failed}.`,
    'If the ingest takes known keys only, set the key for tests (secret stream.test.key).',
  );
}

function isMissed<T extends object>(stage: T | Missed): stage is Missed {
  return 'skipped' in stage || 'failed' in stage;
}

export const TEST_STREAM_CHECKS: Readonly<Record<'enc-2' | 'enc-4' | 'fail-4' | 'fail-5', Check>> = {
  'enc-2': keyframeCheck,
  'enc-4': encoderLoadCheck,
  'fail-4': recordingOutlivesCheck,
  'fail-5': switchRehearsalCheck,
};
