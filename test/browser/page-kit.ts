import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Every text frame that a page's sockets receive from now on. */
export function framesOf(page: Page): string[] {
  const frames: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
  });
  return frames;
}

const PAGE_FAULTS = readFileSync(join(import.meta.dirname, 'page-faults.js'), 'utf8');

/** No text of a page is cut and every button can be hit (UI-92 d). */
export async function expectNothingOverlaps(page: Page): Promise<void> {
  await page.evaluate(PAGE_FAULTS);
  expect(await page.evaluate('pageFaults()')).toEqual([]);
}

/** WCAG 2.2 AA as far as axe can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
