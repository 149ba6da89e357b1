import { expect, it } from 'vitest';
import { NO_STREAM } from '../../../domain/plan-upgrade.ts';
import type { StreamPlan } from '../../../domain/plan.ts';
import { partOf, streamDraft, type StreamGroupId } from './stream-draft.ts';

const FULL: StreamPlan = {
  obs: { url: 'ws://127.0.0.1:4455' },
  rtmpStat: { url: 'http://127.0.0.1:8080/stat', application: 'live', name: 'market' },
  mediamtx: null,
  hls: { url: 'https://origin.example/{key}.m3u8' },
  edge: { url: 'https://edge.example/show.m3u8' },
  primaryIngest: 'rtmps://a.example/live',
  backupIngest: 'rtmps://b.example/live',
  relay: { url: 'rtmp://127.0.0.1/relay' },
  liveScene: 'Live ',
  slateScene: 'Back soon',
  allowScenes: ['Close-up', ' Wide'],
  stillScenes: ['Price list'],
  audioInputs: ['Mic/Aux'],
  platform: 'youtube',
  shopOrigin: 'https://shop.example',
};
const GROUPS: StreamGroupId[] = ['obs', 'stat', 'playlists', 'ingests', 'scenes', 'audience'];
const saved = (stream: StreamPlan): object =>
  Object.assign({}, ...GROUPS.map((group) => partOf(group, streamDraft(stream)))) as object;

it('gives back a whole plan as it came, blanks of OBS names included', () => {
  expect(saved(FULL)).toEqual(FULL);
  const other = { ...FULL, rtmpStat: null, mediamtx: { url: 'http://127.0.0.1:9997', path: 'live/market' } };
  expect(saved(other)).toEqual(other);
});

it('offers addresses of this computer and plans none of them by itself', () => {
  expect(streamDraft(NO_STREAM)).toMatchObject({ obs: 'ws://127.0.0.1:4455', statUrl: 'http://127.0.0.1:8080/stat' });
  expect(partOf('stat', streamDraft(NO_STREAM))).toEqual({ rtmpStat: null, mediamtx: null });
  expect(partOf('playlists', streamDraft(NO_STREAM))).toEqual({ hls: null, edge: null });
});

it('takes the text behind OBS’s own code without its password', () => {
  const draft = { ...streamDraft(NO_STREAM), obs: ' obsws://10.0.0.5:4455/secret ' };
  expect(partOf('obs', draft)).toEqual({ obs: { url: 'ws://10.0.0.5:4455' } });
  expect(partOf('obs', { ...draft, obs: '' })).toEqual({ obs: null });
});
