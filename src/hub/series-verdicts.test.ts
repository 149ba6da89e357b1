import { expect, it } from 'vitest';
import { type TestShow, given, liveShow, plan, run } from '../domain/testing.ts';
import { DAY, toIso } from '../domain/units.ts';
import { DEFAULT_THRESHOLDS } from '../domain/verdict.ts';
import { SeriesVerdicts } from './series-verdicts.ts';

function memory() {
  const settings = new Map<string, unknown>();
  return {
    setting: (key: string) => settings.get(key),
    setSetting: (key: string, value: unknown) => void settings.set(key, value),
  };
}

/** A show of the series, closed, with a control and a feed that reaches far enough: too few buyers to say more. */
function closedShow(id: string, dayOfOpening: number): TestShow {
  const show = liveShow(plan({ show: { series: 'Harbour nights' } }));
  show.state.id = id;
  show.state.openedAt = show.at + dayOfOpening * DAY;
  run(show, { kind: 'set-control', name: 'May', buyers: 400, repeats: 72, sumMinor: 0, sumSquaresMinor: '0' });
  run(show, { kind: 'close-show' });
  show.at += 60 * DAY;
  given(show, { kind: 'feed.covered', body: { source: 'shop', until: toIso(show.at) } });
  show.state.phase = 'closed';
  return show;
}

it('the third show of a series without SCALE is the last, and the first two are remembered for it', () => {
  const verdicts = new SeriesVerdicts(memory());
  const shows = [closedShow('one', 0), closedShow('two', 1), closedShow('three', 2)];
  const before = shows.map((show) => {
    const earlier = verdicts.earlierWithoutScale(show.state);
    verdicts.note(show.state, show.at, DEFAULT_THRESHOLDS);
    return earlier;
  });
  expect(before).toEqual([0, 1, 2]);
  const [first] = shows;
  if (first) verdicts.note(first.state, first.at, DEFAULT_THRESHOLDS);
  expect(shows.map(({ state }) => verdicts.earlierWithoutScale(state))).toEqual([0, 1, 2]);
});

it('a show that the data have not decided, or of no series, is not counted', () => {
  const verdicts = new SeriesVerdicts(memory());
  const early = closedShow('early', 0);
  verdicts.note(early.state, early.at - 40 * DAY, DEFAULT_THRESHOLDS);
  expect(verdicts.earlierWithoutScale(closedShow('next', 1).state)).toBe(0);
  expect(verdicts.earlierWithoutScale(liveShow().state)).toBe(0);
});
