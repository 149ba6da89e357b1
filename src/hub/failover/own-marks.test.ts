import { expect, it } from 'vitest';
import type { HealthSample } from '../../domain/health/sample.ts';
import { OwnMarks } from './own-marks.ts';

function sceneAt(ms: number, sceneName: string): HealthSample {
  const data = { eventType: 'CurrentProgramSceneChanged', eventData: { sceneName } };
  return { source: 'obs-event', ms, data };
}

it('OBS tells of a scene of ours after we have gone on to the next: neither is the operator’s', () => {
  const marks = new OwnMarks();
  marks.hear(sceneAt(0, 'Live'));
  marks.expectScene('Slate', 10);
  marks.expectScene('Live', 20);
  expect(marks.hear(sceneAt(30, 'Slate'))).toBeNull();
  expect(marks.hear(sceneAt(40, 'Live'))).toBeNull();
});

it('a mark is taken by the first event that fits, and holds five seconds', () => {
  const marks = new OwnMarks();
  marks.hear(sceneAt(0, 'Live'));
  marks.expectScene('Slate', 10);
  expect(marks.hear(sceneAt(20, 'Slate'))).toBeNull();
  expect(marks.hear(sceneAt(30, 'Live'))).toEqual({ what: 'scene', scene: 'Live', before: 'Slate' });
  expect(marks.hear(sceneAt(40, 'Slate'))).toMatchObject({ what: 'scene', scene: 'Slate' });
  marks.expectScene('Live', 50);
  expect(marks.hear(sceneAt(5100, 'Live'))).toMatchObject({ what: 'scene', scene: 'Live' });
});
