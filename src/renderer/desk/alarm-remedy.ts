import type { AlarmView } from '../../contract/desk-state.ts';
import type { CommandKind } from '../../contract/commands.ts';
import type { BodyOf } from '../lib/hub-connection.svelte.ts';
import { t } from '../lib/i18n/desk.ts';
import type { Press } from '../lib/press.svelte.ts';
import type { Desk } from './desk.svelte.ts';

/** What a person can do about an alarm: a command, or the place where it is done. */
export type Remedy = { label: string } & ({ command: CommandKind; body: BodyOf<CommandKind> } | { open: () => void });

/** Its buttons, the most useful first; one click each, never a dialog that asks again. */
export function remediesOf(desk: Desk, alarm: AlarmView): Remedy[] {
  switch (alarm.kind) {
    case 'stream-down':
      return [otherWay(desk), showStream(desk)].filter((one) => one !== null);
    case 'recording-stopped':
      return desk.state.failover.can['start-recording'].ready
        ? [{ label: t('alarm.do.record'), command: 'start-recording', body: {} }, showStream(desk)]
        : [showStream(desk)];
    case 'failover-waits':
      return failoverAnswers(desk);
    case 'stream-stopped':
      return [
        ...(alarm.acknowledgedAt === null
          ? [{ label: t('alarm.do.meant'), command: 'acknowledge-alarm', body: { alarm: alarm.id } } as const]
          : []),
        showStream(desk),
      ];
    case 'audit-not-run':
      return auditFirst(desk);
    default: {
      const one = remedyOf(desk, alarm);
      return one === null ? [] : [one];
    }
  }
}

/** What takes seconds has a press of its own: a no, and an acknowledgement, must not wait for it. */
export function pressFor(desk: Desk, remedy: Remedy): Press {
  const isQuick = 'command' in remedy && (remedy.command === 'cancel-action' || remedy.command === 'acknowledge-alarm');
  return isQuick ? desk.alarmPress : desk.alarmAct;
}

function remedyOf(desk: Desk, { kind, subject }: AlarmView): Remedy | null {
  switch (kind) {
    case 'oversold':
    case 'authorisation-ending':
    case 'authorisation-lost':
      return { label: t('alarm.do.resolve'), open: () => desk.open({ name: 'settle' }) };
    case 'approval-asked':
      return { label: t('alarm.do.answer'), open: () => desk.open({ name: 'settle' }) };
    case 'runs-out-on-air':
      return lastOnes(desk, subject);
    case 'stock-low':
    case 'runs-out-before-end':
    case 'event-only-sold':
      return { label: t('alarm.do.receive'), open: () => desk.open({ name: 'stock', sku: subject }) };
    case 'owner-not-ready':
      return {
        label: t('alarm.do.message'),
        open: () => desk.open({ name: 'message', to: ownerOf(desk, subject), text: '' }),
      };
    case 'help-asked':
      return answerRequest(desk, subject);
    case 'offer-not-opened':
      return offerAgain(desk, subject);
    case 'till-cut-off':
      return { label: t('alarm.do.devices'), open: () => desk.open({ name: 'connect' }) };
    case 'stream-weak':
      return showStream(desk);
    default:
      return null;
  }
}

function showStream(desk: Desk): Remedy {
  return { label: t('alarm.do.stream'), open: () => desk.open({ name: 'stream' }) };
}

/** The other ingest if it is ready, else the same one again; null when neither would help now (UI-22). */
function otherWay({ state: { failover } }: Desk): Remedy | null {
  const to = failover.ingest === 'backup' ? 'primary' : 'backup';
  if (failover.can['switch-ingest'].ready)
    return { label: t(`alarm.do.switch.${to}`), command: 'switch-ingest', body: { to } };
  return failover.can['retry-ingest'].ready ? { label: t('alarm.do.retry'), command: 'retry-ingest', body: {} } : null;
}

function failoverAnswers(desk: Desk): Remedy[] {
  const { pending, mode } = desk.state.failover;
  if (pending !== null)
    return [
      { label: t('alarm.do.confirm'), command: 'confirm-action', body: { action: pending.action } },
      { label: t('cancel'), command: 'cancel-action', body: { action: pending.action } },
    ];
  // Locked: arming it again is what unlocks it (STR-79).
  return [{ label: t('alarm.do.arm'), command: 'arm-failover', body: { mode } }, showStream(desk)];
}

function auditFirst(desk: Desk): Remedy[] {
  const show: Remedy = { label: t('alarm.do.checks'), open: () => desk.open({ name: 'audit' }) };
  if (desk.state.audit.running !== null) return [show];
  return [{ label: t('alarm.do.runAudit'), command: 'run-preflight', body: {} }, show];
}

/** A message to whoever has the running cue, with the number as it is now. */
function lastOnes(desk: Desk, sku: string | null): Remedy | null {
  const stock = sku === null ? undefined : desk.state.stock[sku];
  if (!stock) return null;
  const running = desk.state.cues.list.find((cue) => cue.id === desk.state.cues.current);
  const to = running && running.owners.length > 0 ? [...running.owners] : ['all'];
  return {
    label: t('alarm.do.lastOnes'),
    command: 'send-message',
    body: { to, text: t('alarm.lastOnesText', { left: stock.available, name: stock.name }), tone: 'hurry' },
  };
}

function answerRequest(desk: Desk, subject: string | null): Remedy | null {
  const open =
    desk.state.requests.find(
      (one) => (one.id === subject || one.person === subject || one.device === subject) && one.answer === null,
    ) ?? desk.state.requests.find((one) => one.answer === null);
  return open
    ? { label: t('alarm.do.coming'), command: 'answer-request', body: { request: open.id, answer: 'coming' } }
    : null;
}

function offerAgain(desk: Desk, subject: string | null): Remedy | null {
  const cue = desk.state.cues.list.find((one) => one.id === subject);
  const offer = cue?.offer ?? (subject !== null && desk.state.offers[subject] ? subject : null);
  return offer === null ? null : { label: t('alarm.do.again'), command: 'open-offer', body: { offer } };
}

function ownerOf(desk: Desk, subject: string | null): string | null {
  if (subject === null) return null;
  if (desk.state.plan?.people.some((person) => person.id === subject)) return subject;
  const cue = desk.state.cues.list.find((one) => subject === one.id || subject.startsWith(`${one.id}:`));
  const late = cue?.dispatches.find((one) => one.state !== 'accepted');
  return late?.person ?? cue?.owners[0] ?? null;
}
