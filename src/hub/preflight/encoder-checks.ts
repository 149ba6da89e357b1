import { asText } from '../../domain/health/sample.ts';
import type { Platform } from '../../domain/words.ts';
import { audioInputs } from './audio-inputs.ts';
import { type Check, type Finding, type Ground, fails, passed, unknowable, warns } from './check.ts';
import { platformOf, rangeOf } from './encoder-ranges.ts';
import { askingObs, type ObsSettings, obsSettings } from './obs-settings.ts';
import { streamService } from './places.ts';
import { worstOf } from './rank.ts';
import { streamKbps } from './stream-rate.ts';

/** So far outside of the platform's range is a warning (STR-74). */
const NEAR = 0.2;
/** Encoders by what their names in OBS say. */
const OTHER_CODEC = /hevc|h265|av1|svt|aom/i;
/** x264's words for a rate control that is not constant. */
const NOT_CONSTANT = /\b(crf|qp|vbv-init-free|rc=vbr)\b/i;

/** enc-1: rate control and bitrate against what the platform takes for this size and frame rate. */
export const bitrateCheck = askingObs(async (ground) => {
  const [settings, platform] = await Promise.all([obsSettings(ground), chosenPlatform(ground)]);
  const measured = settings.videoKbps === null ? await streamKbps(ground) : null;
  return bitrateFinding(settings, platform, measured?.kbps ?? null);
});

/**
 * @param measuredKbps what a stream of this set-up took, picture and sound, where OBS tells no bitrate; null: not known
 */
export function bitrateFinding(settings: ObsSettings, platform: Platform, measuredKbps: number | null): Finding {
  const { output, fps, audioKbps, mode } = settings;
  if (output === null || fps === null) return unknowable('OBS does not tell the size of its picture.');
  const kbps = settings.videoKbps ?? (measuredKbps === null ? null : Math.round(measuredKbps - (audioKbps ?? 160)));
  const lines = Math.min(output.width, output.height);
  const range = rangeOf(platform, lines, fps);
  const picture = `${output.width}×${output.height} at ${rounded(fps)} fps`;
  if (range === null)
    return fails(`${titled(platform)} has no range for ${picture}.`, 'Output settings: 1920×1080, 30 or 60 fps.');
  const fix = `Use CBR, ${range.advised} kbps.`;
  if (kbps === null) return unknowable(`OBS tells no bitrate of its ${mode ?? 'unknown'} output. Look there.`, fix);
  const how = settings.videoKbps === null ? 'measured; OBS tells no rate control' : 'CBR';
  const evidence = `${kbps} kbit/s (${how}) for ${picture}; ${titled(platform)} takes ${range.min} to ${range.max}.`;
  if (NOT_CONSTANT.test(settings.encoderWords))
    return warns(`x264's own options set another rate control than CBR; ${evidence}`, fix);
  if (kbps >= range.min && kbps <= range.max) return passed(evidence);
  const isNear = kbps >= range.min * (1 - NEAR) && kbps <= range.max * (1 + NEAR);
  return isNear ? warns(evidence, fix) : fails(evidence, fix);
}

/** enc-3: size, frame rate, codec and sound. */
export const outputCheck = askingObs(async (ground) => {
  const [settings, platform, inputs] = await Promise.all([
    obsSettings(ground),
    chosenPlatform(ground),
    audioInputs(ground),
  ]);
  return outputFinding(settings, platform, inputs.length);
});

/** @param soundInputs how many inputs of OBS have sound */
export function outputFinding(settings: ObsSettings, platform: Platform, soundInputs: number): Finding {
  const { base, output, fps, streamEncoder, sampleRate } = settings;
  if (output === null || fps === null) return unknowable('OBS does not tell the size of its picture.');
  const faults: Finding[] = [];
  const fix = (what: string): string => `Output settings: ${what}.`;
  if (soundInputs === 0) faults.push(fails('No input of OBS has sound.', 'Add the microphone to OBS.'));
  if (base !== null && (output.width > base.width || output.height > base.height))
    faults.push(
      warns(
        `${base.width}×${base.height} is blown up to ${output.width}×${output.height}.`,
        fix(`${base.width}×${base.height}`),
      ),
    );
  if (fps > 60.5 || fps < 23.5) faults.push(warns(`${rounded(fps)} fps is unusual.`, fix('30 or 60 fps')));
  if (streamEncoder !== null && OTHER_CODEC.test(streamEncoder) && platform !== 'youtube')
    faults.push(warns(`The encoder is ${streamEncoder}; ${titled(platform)} may take H.264 only.`, fix('H.264')));
  if (sampleRate !== null && sampleRate !== 44_100 && sampleRate !== 48_000)
    faults.push(warns(`Sound has ${sampleRate} Hz.`, fix('48 kHz')));
  if (faults.length > 0) return worstOf(faults);
  const sound = sampleRate === null ? '' : `, sound ${sampleRate / 1000} kHz`;
  return passed(
    `${output.width}×${output.height} at ${rounded(fps)} fps, encoder ${streamEncoder ?? 'not told'}${sound}.`,
  );
}

/** enc-5: OBS connects again by itself, and soon. */
export const reconnectCheck = askingObs(async (ground) => reconnectFinding(await obsSettings(ground)));

export function reconnectFinding({ reconnects, retryDelayS }: ObsSettings): Finding {
  const fix = 'Advanced: reconnect, delay 1 s.';
  if (reconnects === null) return unknowable('OBS does not tell whether it reconnects.', fix);
  if (!reconnects) return fails('OBS does not reconnect by itself.', fix);
  if (retryDelayS === null) return unknowable('OBS reconnects, after a delay that it does not tell.', fix);
  const evidence = `OBS reconnects after ${retryDelayS} s.`;
  return retryDelayS <= 2 ? passed(evidence) : warns(evidence, fix);
}

/** What the plan says, else the service that is chosen in OBS. */
async function chosenPlatform(ground: Ground): Promise<Platform> {
  return ground.stream.platform ?? platformOf(asText((await streamService(ground))?.['service']));
}

function rounded(fps: number): string {
  return String(Math.round(fps * 100) / 100);
}

function titled(platform: Platform): string {
  switch (platform) {
    case 'youtube':
      return 'YouTube';
    case 'twitch':
      return 'Twitch';
    case 'facebook':
      return 'Facebook';
    case 'tiktok':
      return 'TikTok';
    case 'custom':
      return 'a server of its own kind';
    default:
      platform satisfies never;
      return 'the platform';
  }
}

export const ENCODER_CHECKS: Readonly<Record<'enc-1' | 'enc-3' | 'enc-5', Check>> = {
  'enc-1': bitrateCheck,
  'enc-3': outputCheck,
  'enc-5': reconnectCheck,
};
