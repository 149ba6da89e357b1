import type { DeskState } from '../../../contract/desk-state.ts';
import { bytes } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';
import type { SetupStep } from '../desk.svelte.ts';
import { SHOPS } from './shop-fields.ts';

type StepState = 'done' | 'todo' | 'optional';

export function stepStates(state: DeskState): Record<SetupStep, StepState> {
  const { show, plan, cues, devices, checklist } = state;
  return {
    show: show?.startsAt && show.endsAt ? 'done' : 'todo',
    products: (plan?.products.length ?? 0) > 0 ? 'done' : 'todo',
    cues: cues.list.length > 0 ? 'done' : 'todo',
    stream: isStreamPlanned(state) ? (state.stream.sources.obs?.level === 'unknown' ? 'todo' : 'done') : 'optional',
    selling: state.connectors.some(({ kind }) => SHOPS.some((shop) => shop.kind === kind)) ? 'done' : 'optional',
    devices: devices.some((device) => device.state !== 'revoked') ? 'done' : 'optional',
    checklist: checklist.length === 0 ? 'optional' : checklist.some(isOpenBefore(state)) ? 'todo' : 'done',
    go: show?.phase === 'planned' ? 'todo' : 'done',
  };
}

export function isStreamPlanned({ plan }: DeskState): boolean {
  return (
    plan !== null &&
    [plan.stream.obs, plan.stream.rtmpStat, plan.stream.mediamtx, plan.stream.hls, plan.stream.edge].some(
      (source) => source !== null,
    )
  );
}

/** Still to do before the doors open. What is due after the show may wait. */
function isOpenBefore({ show }: DeskState): (item: DeskState['checklist'][number]) => boolean {
  const start = show?.startsAt ?? null;
  return ({ done, blocks, dueAt }) => !done && (blocks || dueAt === null || start === null || dueAt <= start);
}

export interface ReadyRow {
  id: string;
  label: string;
  ok: boolean;
  value: string;
  step: SetupStep;
}

/** What a producer looks at before going live. None of it forbids; the hub's own refusal does (UI-55). */
export function readyRows(state: DeskState): ReadyRow[] {
  const { plan, cues, devices, storage, checklist } = state;
  const open = checklist.filter(isOpenBefore(state));
  const needed = open.filter(({ blocks }) => blocks);
  const joined = devices.filter((device) => device.state === 'online').length;
  const obs = state.stream.sources.obs;
  const streamOk = !isStreamPlanned(state) || (obs !== undefined && obs.level !== 'unknown');
  const products = plan?.products.length ?? 0;
  const storeOk = storage.level === 'ok';
  return [
    {
      id: 'products',
      label: t('live.checkProducts'),
      ok: products > 0,
      value: products > 0 ? t('tile.products', { n: products }) : t('live.noProducts'),
      step: 'products',
    },
    {
      id: 'cues',
      label: t('live.checkCues'),
      ok: cues.list.length > 0,
      value: cues.list.length > 0 ? t('live.valueCues', { n: cues.list.length }) : t('live.noCues'),
      step: 'cues',
    },
    {
      id: 'stream',
      label: t('live.checkStream'),
      ok: streamOk,
      value: !isStreamPlanned(state) ? t('tile.noStream') : streamOk ? t('live.valueStream') : t('live.streamSilent'),
      step: 'stream',
    },
    {
      id: 'devices',
      label: t('live.checkDevices'),
      ok: joined > 0,
      value: joined > 0 ? t('live.valueDevices', { n: joined }) : t('live.noDevices'),
      step: 'devices',
    },
    {
      id: 'checklist',
      label: t('live.checkRoutine'),
      ok: open.length === 0,
      value:
        checklist.length === 0
          ? t('live.noRoutine')
          : needed.length > 0
            ? t('live.routineBlocks', { n: needed.length })
            : open.length > 0
              ? t('live.routineOpen', { n: open.length })
              : t('live.routineDone'),
      step: 'checklist',
    },
    {
      id: 'store',
      label: t('live.checkStore'),
      ok: storeOk,
      value: storeOk
        ? t('live.valueStore', { size: storage.freeBytes === null ? '' : bytes(storage.freeBytes) })
        : t('live.storage', { message: storage.message ?? '' }),
      step: 'go',
    },
  ];
}
