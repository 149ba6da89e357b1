import type { StreamPlan } from '../../../domain/plan.ts';
import { PLATFORMS } from '../../../domain/words.ts';
import { readObsAddress } from './obs-address.ts';

/** The stream of a plan as a person types it: one text a field, lists with one name a line. */
export interface StreamDraft {
  obs: string;
  statKind: 'none' | 'nginx' | 'mediamtx';
  statUrl: string;
  statApplication: string;
  statName: string;
  mediamtxUrl: string;
  mediamtxPath: string;
  hls: string;
  edge: string;
  primaryIngest: string;
  backupIngest: string;
  relay: string;
  liveScene: string;
  slateScene: string;
  allowScenes: string;
  stillScenes: string;
  audioInputs: string;
  platform: string;
  shopOrigin: string;
}

/** Parts of the stream that are saved together. */
export type StreamGroupId = 'obs' | 'stat' | 'playlists' | 'ingests' | 'scenes' | 'audience';

export function streamDraft(stream: StreamPlan): StreamDraft {
  const { rtmpStat, mediamtx } = stream;
  return {
    obs: stream.obs?.url ?? 'ws://127.0.0.1:4455',
    statKind: mediamtx !== null ? 'mediamtx' : rtmpStat !== null ? 'nginx' : 'none',
    // What a streaming server on this computer answers to, unless it was told otherwise.
    statUrl: rtmpStat?.url ?? 'http://127.0.0.1:8080/stat',
    statApplication: rtmpStat?.application ?? 'live',
    statName: rtmpStat?.name ?? 'show',
    mediamtxUrl: mediamtx?.url ?? 'http://127.0.0.1:9997',
    mediamtxPath: mediamtx?.path ?? 'live/show',
    hls: stream.hls?.url ?? '',
    edge: stream.edge?.url ?? '',
    primaryIngest: stream.primaryIngest ?? '',
    backupIngest: stream.backupIngest ?? '',
    relay: stream.relay?.url ?? '',
    liveScene: stream.liveScene ?? '',
    slateScene: stream.slateScene ?? '',
    allowScenes: stream.allowScenes.join('\n'),
    stillScenes: stream.stillScenes.join('\n'),
    audioInputs: stream.audioInputs.join('\n'),
    platform: stream.platform ?? '',
    shopOrigin: stream.shopOrigin ?? '',
  };
}

/** What a group's fields say of the plan's stream; everything else in the plan stays as it is. */
export function partOf(group: StreamGroupId, draft: StreamDraft): Partial<StreamPlan> {
  switch (group) {
    case 'obs':
      return { obs: withUrl(readObsAddress(draft.obs).address) };
    case 'stat':
      return statOf(draft);
    case 'playlists':
      return { hls: withUrl(draft.hls), edge: withUrl(draft.edge) };
    case 'ingests':
      return {
        primaryIngest: orNull(draft.primaryIngest),
        backupIngest: orNull(draft.backupIngest),
        relay: withUrl(draft.relay),
      };
    case 'scenes':
      return {
        liveScene: nameOrNull(draft.liveScene),
        slateScene: nameOrNull(draft.slateScene),
        allowScenes: lines(draft.allowScenes),
        stillScenes: lines(draft.stillScenes),
        audioInputs: lines(draft.audioInputs),
      };
    case 'audience':
      return {
        platform: PLATFORMS.find((one) => one === draft.platform) ?? null,
        shopOrigin: orNull(draft.shopOrigin),
      };
    default:
      return group satisfies never;
  }
}

function statOf({ statKind, statUrl, statApplication, statName, mediamtxUrl, mediamtxPath }: StreamDraft) {
  return {
    rtmpStat:
      statKind === 'nginx' ? { url: statUrl.trim(), application: statApplication.trim(), name: statName.trim() } : null,
    mediamtx: statKind === 'mediamtx' ? { url: mediamtxUrl.trim(), path: mediamtxPath.trim() } : null,
  };
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function withUrl(text: string): { url: string } | null {
  return text.trim() === '' ? null : { url: text.trim() };
}

/** Blanks at the ends belong to a name of OBS's (STR-80). */
function nameOrNull(text: string): string | null {
  return text === '' ? null : text;
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
