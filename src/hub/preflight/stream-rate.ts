import { asText } from '../../domain/health/sample.ts';
import { type Ground, sharedOnce } from './check.ts';
import { median } from './rank.ts';

const profile = (parameterCategory: string, parameterName: string) => ({
  requestType: 'GetProfileParameter',
  requestData: { parameterCategory, parameterName },
});

const QUESTIONS = [
  profile('Output', 'Mode'),
  profile('SimpleOutput', 'VBitrate'),
  profile('SimpleOutput', 'ABitrate'),
  profile('AdvOut', 'Track1Bitrate'),
];

/**
 * What the stream takes of the upload, picture and sound, kbit/s: as OBS is set up, else as it was measured while it
 * streamed. OBS tells its socket no encoder settings of the advanced mode.
 *
 * @returns null when neither is known
 */
export const streamKbps = sharedOnce(async (ground: Ground): Promise<{ kbps: number; from: string } | null> => {
  const learned = learnedKbps(ground);
  if (!ground.obs.isConnected()) return learned;
  const answers = await ground.obs.batch(QUESTIONS, 1500);
  const [mode, video, audio] = answers.map(
    (answer) => asText(answer?.['parameterValue']) ?? asText(answer?.['defaultParameterValue']),
  );
  const picture = Number(video ?? NaN);
  if (mode === 'Advanced' || !Number.isFinite(picture) || picture <= 0) return learned;
  const sound = Number(audio ?? NaN);
  return { kbps: picture + (Number.isFinite(sound) ? sound : 160), from: 'OBS’s settings' };
});

function learnedKbps({ health }: Ground): { kbps: number; from: string } | null {
  const known = health();
  const usual = median(known?.sendBaseline.rates ?? []) ?? median(known?.ingestBaseline.rates ?? []);
  return usual === null || usual <= 0 ? null : { kbps: Math.round(usual), from: 'what was measured' };
}
