import { isCause, wordsOf } from '../health/causes.ts';
import { clockText } from '../local-time.ts';
import type { ShowState } from '../show.ts';
import type { StreamIncident } from '../stream-record.ts';
import type { Instant } from '../units.ts';
import type { StreamLayer } from '../words.ts';
import { fitted, zoneOf } from './alarm-wanted.ts';

/** What to do first when the cause's own advice is too long for the bar, or there is none. */
const CHECK: Record<StreamLayer, string> = {
  obs: 'Check OBS.',
  transport: 'Check the uplink.',
  delivery: 'Check the stream server.',
  source: 'Check camera and microphone.',
  recording: 'Check the recording in OBS.',
};
const LONGEST = 90;

/** What, since when, what to do (UI-34). The words are the cause's own (health/causes.ts), as the stream panel has them. */
export function incidentText(show: ShowState, { layer, cause, message, startedAt }: StreamIncident): string {
  const what = message.replace(/\.$/, '');
  const since = sinceText(show, startedAt);
  const write = (name: string, advice: string): string => `${name}, since ${since}. ${advice}`;
  const own = advices(show, cause);
  const fits = [...own, CHECK[layer]].find((advice) => write(what, advice).length <= LONGEST);
  const advice = fits ?? own.at(-1) ?? CHECK[layer];
  return fitted(what, (name) => write(name, advice));
}

/** The cause's advice, whole and its first half; a backup that the plan does not have is not advised. */
function advices(show: ShowState, cause: string): string[] {
  if (!isCause(cause) || cause === 'unclear') return [];
  const { advice } = wordsOf(cause);
  const hasBackup = (show.plan?.stream.backupIngest ?? null) !== null;
  return [advice, `${advice.split(/[,;]/)[0]?.replace(/\.$/, '') ?? ''}.`].filter(
    (one) => hasBackup || !/backup|switch/i.test(one),
  );
}

export function sinceText(show: ShowState, at: Instant): string {
  return clockText(at, zoneOf(show));
}
