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
  writes = 0;
  answer: (id: string) => Reply = () => ({ ok: true, seq: 1 });
  queue = this.restart();

  restart(): KeptQueue {
    return (this.queue = new KeptQueue(
      {
        all: async () => [...this.disk.values()],
        write: async ({ put = [], remove = [] }) => {
          if (this.isFull) throw new Error('disk full');
          for (const record of put) this.disk.set(record.id, structuredClone(record));
          for (const id of remove) this.disk.delete(id);
          this.writes += 1;
        },
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

  add(id: string, kind = 'mark-moment', needs?: string) {
    const body = { note: id };
    return this.queue.add({ id, kind, body, madeAt: '2026-11-28T19:00:00.000Z', ...(needs ? { needs } : {}) });
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

  it('sends many at once, in order, for two writes a batch', async () => {
    world.live = false;
    const ids = Array.from({ length: 70 }, (_, n) => `s${n}`);
    await Promise.all(ids.map((id) => world.add(id, 'record-sale').kept));
    const before = world.writes;
    world.live = true;
    await world.queue.drain();
    expect(world.sent.map(({ id }) => id)).toEqual(ids);
    expect(world.disk.size).toBe(0);
    expect(world.writes - before).toBe(6);
  });

  it('sends again only what had no answer', async () => {
    world.live = false;
    const all = ['a', 'b', 'c'].map((id) => world.add(id, 'record-sale'));
    await Promise.all(all.map(({ kept }) => kept));
    world.live = true;
    world.answer = (id) => {
      if (id === 'b') throw new Error('line lost');
      return { ok: true, seq: 1 };
    };
    await world.queue.drain();
    expect(world.ids()).toEqual(['b']);
    world.answer = () => ({ ok: true, seq: 2 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(world.sent.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'b']);
    expect(world.disk.size).toBe(0);
  });

  it('holds back what is about a sale until the hub has named it, and forgets it with the sale', async () => {
    const frames: unknown[] = [];
    world.live = false;
    world.answer = (id) => (id === 'bad' ? { ok: false, refusal: { code: 'x', message: '' } } : sold(id));
    const sold = (id: string): Reply => ({ ok: true, seq: 1, saleId: `sale of ${id}` });
    world.queue = new KeptQueue(
      { all: async () => [], write: async () => undefined },
      {
        isLive: () => world.live,
        show: () => null,
        command: async (frame) => {
          frames.push(frame);
          return world.answer((frame as { id: string }).id);
        },
      },
    );
    await world.add('sale', 'record-sale').kept;
    await world.add('buyer', 'attach-buyer', 'sale').kept;
    await world.add('bad', 'record-sale').kept;
    await world.add('nobody', 'attach-buyer', 'bad').kept;
    world.live = true;
    await world.queue.drain();
    expect(frames).toMatchObject([{ id: 'sale' }, { id: 'bad' }, { id: 'buyer', saleId: 'sale of sale' }]);
    expect(world.ids()).toEqual(['bad', 'nobody']);
    await world.queue.settle('bad');
    expect(world.ids()).toEqual([]);
  });
});
