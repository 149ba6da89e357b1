import { openDeeds } from '../failover/failover-record.ts';
import type { ShowState } from '../show.ts';
import type { FailoverAction } from '../words.ts';
import { sinceText } from './alarm-stream-text.ts';
import { fitted, type Wanted, wanted } from './alarm-wanted.ts';

const ASKS: Record<FailoverAction, string> = {
  'show-slate': 'Show the slate?',
  'clear-slate': 'Take the slate away?',
  'switch-ingest': 'Switch to the backup?',
  'retry-ingest': 'Retry the stream now?',
  'start-recording': 'Start the recording?',
};

/** STR-71: failover waits for a person's yes or no, or has locked itself. */
export function wantedOfFailover(show: ShowState): Wanted[] {
  const { failover } = show;
  const asked = openDeeds(failover).findLast(({ state }) => state === 'proposed');
  const alarm = { kind: 'failover-waits', priority: 1 } as const;
  return [
    ...(asked === undefined
      ? []
      : [
          wanted({
            ...alarm,
            subject: asked.what,
            message: fitted(
              asked.why.replace(/\.$/, ''),
              (why) => `${ASKS[asked.what]} ${why}, since ${sinceText(show, asked.at)}.`,
            ),
            action: 'Confirm',
          }),
        ]),
    ...(failover.lockedWhy === null
      ? []
      : [
          wanted({
            ...alarm,
            subject: 'locked',
            message: fitted(
              failover.lockedWhy.replace(/\.$/, ''),
              (why) => `Failover is locked. ${why}. Arm it again.`,
            ),
            action: 'Arm again',
          }),
        ]),
  ];
}
