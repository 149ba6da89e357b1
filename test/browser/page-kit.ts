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

interface Look {
  width: number;
  height: number;
  colorScheme: 'dark' | 'light';
}

const look = (width: number, height: number, colorScheme: Look['colorScheme']): Look => ({
  width,
  height,
  colorScheme,
});

/** The two ends of what a desk is shown on. */
const ENDS: readonly Look[] = [look(1440, 900, 'light'), look(1280, 640, 'dark')];
/** Every size in both themes: slow, for whoever wants to look at pictures. */
const ALL: readonly Look[] = [[1440, 900] as const, [1280, 640] as const, [1024, 640] as const].flatMap(
  ([width, height]) => [look(width, height, 'dark'), look(width, height, 'light')],
);

/**
 * Nothing overlaps and nothing is out of reach, large and light, small and dark. With DROPDESK_PICTURES=FOLDER every size
 * in both themes is looked at, and kept there as `<name>-<width>-<theme>.png`.
 */
export async function expectGood(page: Page, name: string): Promise<void> {
  const folder = process.env['DROPDESK_PICTURES'];
  for (const { width, height, colorScheme } of folder === undefined ? ENDS : ALL) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page);
    await expectNothingOverlaps(page);
    if (folder !== undefined) await keepPicture(page, `${name}-${width}-${colorScheme}`);
  }
}

/** Kept only when DROPDESK_PICTURES names a folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['DROPDESK_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
