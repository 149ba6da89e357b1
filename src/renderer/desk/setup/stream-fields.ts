import type { DeskKey } from '../../lib/i18n/desk.ts';
import type { StreamSource } from '../../../domain/words.ts';
import type { StreamDraft, StreamGroupId } from './stream-draft.ts';

export interface DraftField {
  name: Exclude<keyof StreamDraft, 'statKind' | 'platform'>;
  label: DeskKey & `sf.${string}`;
  example?: string;
  /** one name a line */
  lines?: true;
  /** what the plan calls it, for a fault that the hub found there */
  path: string;
  /** only with this kind of statistics */
  kind?: StreamDraft['statKind'];
}

/** A setting of the hub: a switch, or a text where nothing is null. */
export interface SettingSpec {
  key: string;
  label: DeskKey & `ss.${string}`;
  kind: 'switch' | 'text' | 'choice';
  /** as the hub takes it when nobody has said anything */
  otherwise: boolean | string;
  choices?: readonly { value: string; label: DeskKey & `ss.${string}` }[];
}

export interface StreamGroup {
  id: StreamGroupId;
  /** whose answers tell how this group does */
  sources: readonly StreamSource[];
  fields: readonly DraftField[];
  secrets: readonly { setting: string; label: DeskKey & `sf.${string}`; note: DeskKey & `sn.${string}` }[];
  settings: readonly SettingSpec[];
}

/** The stream's set-up, the part that everybody needs first. */
export const STREAM_GROUPS: readonly StreamGroup[] = [
  {
    id: 'obs',
    sources: ['obs'],
    fields: [{ name: 'obs', label: 'sf.obs', example: 'ws://127.0.0.1:4455', path: 'stream.obs' }],
    secrets: [{ setting: 'secret.obs.password', label: 'sf.obsPassword', note: 'sn.obsPassword' }],
    settings: [
      { key: 'recording.expected', label: 'ss.recording', kind: 'switch', otherwise: true },
      { key: 'stream.watchPicture', label: 'ss.watchPicture', kind: 'switch', otherwise: true },
    ],
  },
  {
    id: 'stat',
    sources: ['rtmp'],
    fields: [
      { name: 'statUrl', label: 'sf.statUrl', path: 'stream.rtmpStat.url', kind: 'nginx' },
      { name: 'statApplication', label: 'sf.application', path: 'stream.rtmpStat.application', kind: 'nginx' },
      { name: 'statName', label: 'sf.name', path: 'stream.rtmpStat.name', kind: 'nginx' },
      { name: 'mediamtxUrl', label: 'sf.mediamtxUrl', path: 'stream.mediamtx.url', kind: 'mediamtx' },
      { name: 'mediamtxPath', label: 'sf.mediamtxPath', path: 'stream.mediamtx.path', kind: 'mediamtx' },
    ],
    secrets: [],
    settings: [],
  },
  {
    id: 'playlists',
    sources: ['hls', 'edge'],
    fields: [
      { name: 'hls', label: 'sf.hls', example: 'http://127.0.0.1:8080/hls/{key}.m3u8', path: 'stream.hls' },
      { name: 'edge', label: 'sf.edge', example: 'https://…/show.m3u8', path: 'stream.edge' },
    ],
    secrets: [],
    settings: [],
  },
  {
    id: 'ingests',
    sources: ['network'],
    fields: [
      { name: 'primaryIngest', label: 'sf.primary', example: 'rtmps://…/live', path: 'stream.primaryIngest' },
      { name: 'backupIngest', label: 'sf.backup', example: 'rtmps://…/live', path: 'stream.backupIngest' },
      { name: 'relay', label: 'sf.relay', example: 'rtmp://127.0.0.1/live/show', path: 'stream.relay' },
    ],
    secrets: [
      { setting: 'secret.stream.primary.key', label: 'sf.primaryKey', note: 'sn.key' },
      { setting: 'secret.stream.backup.key', label: 'sf.backupKey', note: 'sn.key' },
      { setting: 'secret.stream.test.key', label: 'sf.testKey', note: 'sn.testKey' },
    ],
    settings: [{ key: 'relay.program', label: 'ss.relayProgram', kind: 'text', otherwise: '' }],
  },
  {
    id: 'scenes',
    sources: [],
    fields: [
      { name: 'liveScene', label: 'sf.liveScene', path: 'stream.liveScene' },
      { name: 'slateScene', label: 'sf.slateScene', path: 'stream.slateScene' },
      { name: 'allowScenes', label: 'sf.allowScenes', lines: true, path: 'stream.allowScenes' },
      { name: 'stillScenes', label: 'sf.stillScenes', lines: true, path: 'stream.stillScenes' },
      { name: 'audioInputs', label: 'sf.audioInputs', lines: true, path: 'stream.audioInputs' },
    ],
    secrets: [],
    settings: [
      {
        key: 'failover.clearSlate',
        label: 'ss.clearSlate',
        kind: 'choice',
        otherwise: 'ask',
        choices: [
          { value: 'ask', label: 'ss.clearSlate.ask' },
          { value: 'auto', label: 'ss.clearSlate.auto' },
        ],
      },
      { key: 'failover.tellFloor', label: 'ss.tellFloor', kind: 'switch', otherwise: true },
      { key: 'failover.contact', label: 'ss.contact', kind: 'text', otherwise: '' },
      { key: 'failover.confirms', label: 'ss.confirms', kind: 'text', otherwise: '' },
    ],
  },
  {
    id: 'audience',
    sources: [],
    fields: [{ name: 'shopOrigin', label: 'sf.shopOrigin', example: 'https://…', path: 'stream.shopOrigin' }],
    secrets: [],
    settings: [
      { key: 'preflight.sinkUrl', label: 'ss.sink', kind: 'text', otherwise: '' },
      { key: 'preflight.testStream', label: 'ss.testStream', kind: 'switch', otherwise: false },
    ],
  },
];
