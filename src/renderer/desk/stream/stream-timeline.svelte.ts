import { SvelteMap } from 'svelte/reactivity';
import { toIso } from '../../../domain/units.ts';
import type { StreamSource } from '../../../domain/words.ts';
import type { HubConnection } from '../../lib/hub-connection.svelte.ts';
import type { SeriesPoint } from '../../lib/series-chart.ts';
import type { LineSpec } from './chart-specs.ts';
import { readSamples, type SampleTable, seriesOf } from './stream-samples.ts';
import { advanced, around, between, lastOf, MINUTE, moved, type TimeWindow, zoomed } from './time-window.ts';

const SOURCES: readonly StreamSource[] = ['obs', 'rtmp', 'hls', 'edge', 'network'];
/** A hand that goes on turning the wheel asks once, when it rests. */
const REST_MS = 150;
/** While the window follows the clock it is asked anew about three hundred times along its width. */
const STEPS = 300;
const SOONEST_MS = 2000;

/** The stretch of time that all charts of the stream page share, and the measurements that lie in it. */
export class StreamTimeline {
  window = $state.raw<TimeWindow>({ from: 0, to: 0, follows: true });
  /** source → what was measured in the window that was asked for last */
  readonly tables = new SvelteMap<StreamSource, SampleTable>();
  /** what a person points at */
  cursor = $state<number | null>(null);
  /** what is being chosen by dragging */
  chosen = $state.raw<readonly [number, number] | null>(null);
  hasFailed = $state(false);
  isRead = $state(false);
  readonly #hub: Pick<HubConnection, 'read' | 'now'>;
  /** columns of pixels that a chart has: more points than that nobody can see */
  #width = 600;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(hub: Pick<HubConnection, 'read' | 'now'>) {
    this.#hub = hub;
    this.window = lastOf(10 * MINUTE, hub.now);
  }

  get stepMs(): number {
    return Math.max(0, ...[...this.tables.values()].map(({ stepMs }) => stepMs));
  }

  series({ source, columns }: LineSpec, scale: number): SeriesPoint[] {
    return seriesOf(this.tables.get(source), columns, { source, scale });
  }

  /** Whether any of these figures is one that this show's sources have. */
  knows(lines: readonly LineSpec[]): boolean {
    return lines.some(({ source, columns }) => columns.some((name) => this.tables.get(source)?.columns.has(name)));
  }

  last(span: number): void {
    this.#show(lastOf(span, this.#hub.now));
  }
  zoom(factor: number, anchor = this.window.follows ? 1 : 0.5): void {
    this.#show(zoomed(this.window, factor, anchor, this.#hub.now));
  }
  move(share: number): void {
    this.#show(moved(this.window, share, this.#hub.now));
  }
  select(one: number, other: number): void {
    this.#show(between(one, other, this.#hub.now));
  }
  goTo(at: number): void {
    this.cursor = at;
    this.#show(around(at, this.window, this.#hub.now));
  }
  toNow(): void {
    this.#show(lastOf(this.window.to - this.window.from, this.#hub.now));
  }

  resize(width: number): void {
    if (Math.abs(width - this.#width) < 20) return;
    this.#width = Math.round(width);
    this.#readSoon(REST_MS);
  }

  start(): void {
    void this.#read();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  #show(window: TimeWindow): void {
    // What is on its way is about another stretch.
    this.#asked += 1;
    this.window = window;
    this.#readSoon(REST_MS);
  }

  #readSoon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), ms);
  }

  async #read(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const window = advanced(this.window, this.#hub.now);
    const answers = document.hidden ? null : await Promise.all(SOURCES.map((source) => this.#ask(source, window)));
    // Somebody has moved on meanwhile: what came is about another stretch.
    if (asked !== this.#asked) return;
    if (answers !== null) {
      this.hasFailed = answers.some((table) => table === null);
      if (!this.hasFailed) {
        this.window = window;
        this.isRead = true;
        SOURCES.forEach((source, at) => {
          const table = answers[at];
          if (table) this.tables.set(source, table);
        });
      }
    }
    if (window.follows || this.hasFailed) this.#readSoon(Math.max(SOONEST_MS, (window.to - window.from) / STEPS));
  }

  async #ask(source: StreamSource, { from, to }: TimeWindow): Promise<SampleTable | null> {
    const iso = (at: number): string => encodeURIComponent(toIso(Math.round(at)));
    const points = Math.min(1200, Math.max(100, this.#width));
    try {
      const answer = await this.#hub.read(
        `/api/samples?source=${source}&from=${iso(from)}&to=${iso(to)}&points=${points}`,
      );
      return readSamples(await answer.json());
    } catch {
      return null; // said on the page
    }
  }
}
