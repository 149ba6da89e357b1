import { expect, it } from 'vitest';
import { noteElsewhere } from './health/elsewhere.ts';
import { calm } from './health-testing.ts';
import { sourceVerdicts } from './health.ts';

it('an ingest that the stream has left says nothing of it; back there it is judged again', () => {
  const world = calm();
  world.listed = false;
  world.pass(5);
  expect(world.verdict.layers.transport.level).toBe('critical');
  noteElsewhere(world.health, true);
  world.pass(1);
  expect(world.verdict.layers.transport.level).toBe('ok');
  expect(sourceVerdicts(world.health).rtmp).toBeUndefined();
  world.pass(60);
  expect(world.verdict.level).toBe('ok');
  noteElsewhere(world.health, false);
  world.pass(8);
  expect(world.verdict.layers.transport.level).toBe('critical');
});
