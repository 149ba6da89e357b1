import { asFlag, asText } from '../../domain/health/sample.ts';
import { type Ground, sharedOnce } from './check.ts';
import { answerOf, recordsOf } from './obs-settings.ts';

export interface AudioInput {
  name: string;
  muted: boolean;
}

/** Every input of OBS that can sound: those that have a mute. @throws NoAnswer */
export const audioInputs = sharedOnce(async (ground: Ground): Promise<AudioInput[]> => {
  const names = recordsOf(await answerOf(ground, 'GetInputList'), 'inputs')
    .map((input) => asText(input['inputName']))
    .filter((name) => name !== null);
  if (names.length === 0) return [];
  const mutes = await ground.obs.batch(
    names.map((inputName) => ({ requestType: 'GetInputMute', requestData: { inputName } })),
    3000,
  );
  return names.flatMap((name, i) => {
    const muted = asFlag(mutes[i]?.['inputMuted']);
    return muted === null ? [] : [{ name, muted }];
  });
});
