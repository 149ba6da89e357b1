import type { Desk } from './desk.svelte.ts';
import { nowTile, reserveTile, sellingTile, streamTile } from './live/tiles.ts';

/** The four answers as one sentence, for ears and for a toast (UI-4). */
export function answersSentence(desk: Desk): string {
  const { state } = desk;
  const names = { person: (id: string) => desk.personName(id), product: (sku: string) => desk.productName(sku) };
  const now = desk.hub.now;
  const tiles = [
    streamTile(state, now),
    sellingTile(state, now, desk.money),
    reserveTile(state, now, names),
    nowTile(state, now, names),
  ];
  return tiles
    .map(({ hero, beside, proof }) => [[hero, beside].filter(Boolean).join(' '), proof].filter(Boolean).join('; '))
    .join('. ');
}
