import { describe, expect, it } from 'vitest';
import { calm, layerIs } from './health-testing.ts';
import { sourceVerdicts } from './health.ts';

const LOOK = { hash: 'a', meanLuma: 90 };

describe('the picture', () => {
  it('that stands still is told after six seconds, critical after fourteen, and clears when it moves', () => {
    const world = calm();
    world.picture = LOOK;
    expect(world.until(layerIs('source', 'warn'))).toBeLessThanOrEqual(6000 + 2000);
    expect(world.until(layerIs('source', 'critical'))).toBeLessThanOrEqual(8000);
    expect(world.verdict).toMatchObject({ cause: 'picture-frozen', place: 'obs', symptoms: ['stillMs'] });
    expect(world.verdict.message).toBe('The picture stands still.');
    for (let i = 0; i < 7; i += 1) {
      world.picture = { hash: `moving ${i}`, meanLuma: 90 };
      world.pass(2);
    }
    expect(world.verdict.level).toBe('ok');
    expect(sourceVerdicts(world.health).obs?.metrics).toMatchObject({ stillMs: 0, meanLuma: 90 });
  });

  it('that is black is black before it is frozen', () => {
    const world = calm();
    world.picture = { hash: 'black', meanLuma: 2 };
    world.until(layerIs('source', 'critical'));
    expect(world.verdict.cause).toBe('picture-black');
    expect(world.verdict.symptoms).toEqual(['blackMs', 'stillMs']);
  });

  it('of a scene that stands still on purpose is fine, and its stillness does not count afterwards', () => {
    const world = calm();
    world.picture = { hash: 'black', meanLuma: 2 };
    world.scene('Slate');
    expect(world.pass(30).filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(sourceVerdicts(world.health).obs?.metrics).toMatchObject({ stillMs: 0, blackMs: 0 });
    world.scene('Live');
    expect(world.pass(5).filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(world.until(layerIs('source', 'warn'))).toBeLessThanOrEqual(3000);
  });

  it('that nobody looks at any more is not judged', () => {
    const world = calm();
    world.picture = LOOK;
    world.pass(4);
    world.picture = null;
    expect(world.pass(20).filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  it('that is black beside a computer that is a little slow is still named', () => {
    const world = calm();
    world.renderLostShare = 0.02;
    world.until(layerIs('source', 'warn'));
    expect(world.verdict.cause).toBe('encoder-overloaded');
    world.picture = { hash: 'black', meanLuma: 2 };
    world.until(layerIs('source', 'critical'));
    expect(world.verdict.cause).toBe('picture-black');
  });
});

describe('the sound', () => {
  it('is gone only when every chosen input is silent, and the sentence names them', () => {
    const world = calm();
    world.sound = { Mic: -90, Guest: -20 };
    expect(world.pass(20).filter(({ level }) => level !== 'ok')).toEqual([]);
    world.sound = { Mic: -90, Guest: null };
    expect(world.until(layerIs('source', 'warn'))).toBeLessThanOrEqual(6000);
    expect(world.until(layerIs('source', 'critical'))).toBeLessThanOrEqual(10_500);
    expect(world.verdict).toMatchObject({ cause: 'sound-gone', message: 'No sound from Mic and Guest.' });
    world.sound = { Mic: -30, Guest: null };
    world.pass(1);
    expect(sourceVerdicts(world.health).obs?.metrics['silentMs']).toBe(0);
  });

  it('of an input that is no longer chosen is not waited for', () => {
    const world = calm();
    world.sound = { Mic: -30, Old: -20 };
    world.pass(3);
    world.sound = { Mic: -90 };
    world.until(layerIs('source', 'warn'));
    world.pass(3);
    expect(world.verdict.message).toBe('No sound from Mic.');
  });
});

describe('few frames a second', () => {
  it('harm nobody while no frames are lost', () => {
    const world = calm();
    world.fps = 20;
    expect(world.pass(20).filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  it('for five seconds count beside frames that are lost', () => {
    const world = calm();
    world.renderLostShare = 0.02;
    world.until(layerIs('source', 'warn'));
    world.fps = 20;
    expect(world.until(layerIs('source', 'critical'))).toBeGreaterThanOrEqual(5000);
    expect(world.verdict.symptoms).toEqual(['renderLagPct', 'fps']);
  });
});
