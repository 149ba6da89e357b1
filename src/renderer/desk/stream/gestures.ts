import { AXIS_WIDTH, RIGHT_PAD } from '../../lib/series-chart.ts';
import type { StreamTimeline } from './stream-timeline.svelte.ts';

const CLICK_PX = 6;

/** Pointer, wheel and two fingers on something whose width is the time axis: point, drag to choose, turn to zoom. */
export function timeGestures(element: HTMLElement, timeline: StreamTimeline) {
  const pointers = new Map<number, number>();
  let began: number | null = null;
  let apart: number | null = null;

  const shareAt = (clientX: number): number => {
    const box = element.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - box.left - AXIS_WIDTH) / (box.width - AXIS_WIDTH - RIGHT_PAD)));
  };
  const timeAt = (clientX: number): number => {
    const { from, to } = timeline.window;
    return from + shareAt(clientX) * (to - from);
  };

  function down(press: PointerEvent): void {
    if (press.button !== 0) return;
    pointers.set(press.pointerId, press.clientX);
    element.setPointerCapture(press.pointerId);
    began = pointers.size === 1 && press.pointerType !== 'touch' ? press.clientX : null;
    apart = null;
  }

  function move(press: PointerEvent): void {
    if (pointers.has(press.pointerId)) pointers.set(press.pointerId, press.clientX);
    const [one, other] = [...pointers.values()];
    if (one !== undefined && other !== undefined) return pinch(one, other);
    timeline.cursor = timeAt(press.clientX);
    if (began !== null && Math.abs(press.clientX - began) > CLICK_PX)
      timeline.chosen = [timeAt(began), timeAt(press.clientX)];
  }

  function pinch(one: number, other: number): void {
    const distance = Math.max(20, Math.abs(one - other));
    if (apart !== null && Math.abs(distance - apart) > 4) timeline.zoom(distance / apart, shareAt((one + other) / 2));
    apart = distance;
  }

  function up(press: PointerEvent): void {
    pointers.delete(press.pointerId);
    if (timeline.chosen !== null) timeline.select(...timeline.chosen);
    timeline.chosen = null;
    began = apart = null;
  }

  function wheel(turn: WheelEvent): void {
    const scroller = element.closest('.charts');
    const canScroll = scroller !== null && scroller.scrollHeight > scroller.clientHeight + 1;
    // Where the charts do not all fit, the plain wheel goes through them; with Ctrl, or two fingers, it zooms.
    if (canScroll && !turn.ctrlKey && Math.abs(turn.deltaY) >= Math.abs(turn.deltaX)) return;
    turn.preventDefault();
    if (Math.abs(turn.deltaX) > Math.abs(turn.deltaY)) timeline.move(turn.deltaX / 1000);
    else timeline.zoom(Math.exp(-turn.deltaY / 400), shareAt(turn.clientX));
  }

  function leave(): void {
    timeline.cursor = null;
  }

  const stops = new AbortController();
  const { signal } = stops;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  element.addEventListener('dblclick', () => timeline.last(10 * 60_000), { signal });
  return { destroy: () => stops.abort() };
}
