import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../contract/commands.ts';
import { KeptQueue } from './kept-queue.svelte.ts';
import type { OutboxRecord } from './outbox.ts';

/** A disk and a line that do what the test says. */
class World {
  disk = new Map<string, OutboxRecord>();
  sent: { id: string; kind: string; wasDurable: boolean; wasTried: boolean }[] = [];
  live = true;
  show: string | null = 'harbour';
  isFull = false;
  answer: (id: string) => Reply = () => ({ ok: true, seq: 1 });
  queue = this.restart();

  restart(): KeptQueue {
    return (this.queue = new KeptQueue(
      {
        all: async () => [...this.disk.values()],
        put: async (record) => {
          if (this.isFull) throw new Error('disk full');
          this.disk.set(record.id, structuredClone(record));
        },
        remove: async (id) => void this.disk.delete(id),
      },
      {
        isLive: () => this.live,
        show: () => this.show,
        command: async (frame) => {
          const { id, kind } = frame as { id: string; kind: string };
          this.sent.push({ id, kind, wasDurable: this.disk.has(id), wasTried: this.disk.get(id)?.tried ?? false });
          return this.answer(id);
        },
      },
    ));
  }

  add(id: string, kind = 'mark-moment') {
    return this.queue.add({ id, kind, body: { note: id }, madeAt: '2026-11-28T19:00:00.000Z' });
  }
  ids(): string[] {
    return this.queue.list.map(({ id }) => id);
  }
}

let world: World;
beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => vi.useRealTimers());

describe('what a device keeps for the hub', () => {
  it('is durable and marked as tried before it is sent, and gone after the answer', async () => {
    expect(await world.add('a').reply).toEqual({ ok: true, seq: 1 });
    expect(world.sent).toEqual([{ id: 'a', kind: 'mark-moment', wasDurable: true, wasTried: true }]);
    expect(world.ids()).toEqual([]);
    expect(world.disk.size).toBe(0);
  });

  it('waits while there is no line and then goes in the order of the presses', async () => {
    world.live = false;
    const sendings = ['a', 'b', 'c'].map((id) => world.add(id));
    await Promise.all(sendings.map(({ kept }) => kept));
    expect(world.ids()).toEqual(['a', 'b', 'c']);
    expect(world.queue.list.every(({ tried }) => !tried)).toBe(true);
    world.live = true;
    await world.queue.drain();
    await Promise.all(sendings.map(({ reply }) => reply));
    expect(world.sent.map(({ id, wasTried }) => [id, wasTried])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ]);
  });

  it('survives the page, in order, and is sent by the next one', async () => {
    world.live = false;
    await Promise.all(['a', 'b'].map((id) => world.add(id).kept));
    world.disk = new Map([...world.disk].reverse());
    world.restart();
    await world.queue.load();
    expect(world.ids()).toEqual(['a', 'b']);
    await world.add('c').kept;
    world.live = true;
    await world.queue.drain();
    expect(world.sent.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('is kept with the same id when no answer came', async () => {
    world.answer = () => {
      throw new Error('line lost');
    };
    const sending = world.add('a');
    await sending.kept;
    await vi.advanceTimersByTimeAsync(500);
    expect(world.ids()).toEqual(['a']);
    world.answer = () => ({ ok: true, seq: 2 });
    await vi.advanceTimersByTimeAsync(500);
    expect(await sending.reply).toEqual({ ok: true, seq: 2 });
    expect(new Set(world.sent.map(({ id }) => id))).toEqual(new Set(['a']));
  });

  it('is tried again when the hub could not, and dropped when it would not', async () => {
    world.answer = () => ({ ok: false, refusal: { code: 'disk-full', message: '' } });
    const sending = world.add('a');
    await sending.kept;
    await vi.advanceTimersByTimeAsync(500);
    expect(world.ids()).toEqual(['a']);
    world.answer = () => ({ ok: false, refusal: { code: 'unknown-dispatch', message: 'gone' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(await sending.reply).toMatchObject({ ok: false });
    expect(world.ids()).toEqual([]);
  });

  it('stays when a sale was refused, blocks nothing behind it, and goes when a person settles it', async () => {
    world.answer = (id) =>
      id === 'a' ? { ok: false, refusal: { code: 'out-of-stock', message: 'none left' } } : { ok: true, seq: 1 };
    const refused = world.add('a', 'record-sale');
    const good = world.add('b', 'record-sale');
    expect(await refused.reply).toMatchObject({ ok: false });
    expect(await good.reply).toMatchObject({ ok: true });
    expect(world.queue.list).toMatchObject([{ id: 'a', refusal: { code: 'out-of-stock' } }]);
    expect(world.disk.get('a')?.refusal?.code).toBe('out-of-stock');
    await world.queue.settle('a');
    expect(world.disk.size).toBe(0);
  });

  it('is never sent to another show', async () => {
    world.live = false;
    await world.add('a').kept;
    world.live = true;
    world.show = 'another';
    await world.queue.drain();
    expect(world.sent).toEqual([]);
    expect(world.queue.list).toMatchObject([{ id: 'a', refusal: { code: 'another-show' } }]);
  });

  it('is neither shown nor sent when it cannot be kept', async () => {
    world.isFull = true;
    const sending = world.add('a', 'record-sale');
    await expect(sending.kept).rejects.toThrow('disk full');
    await expect(sending.reply).rejects.toThrow('disk full');
    expect(world.sent).toEqual([]);
    expect(world.ids()).toEqual([]);
  });
});
