import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { nextId, planFile, tempFolder, TestHub } from '../kit/hub.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const LAPTOP = { width: 1440, height: 900 };

/** A hub and the control-room pages that look at it; whatever a page complains about fails the test at the end. */
export class ControlRoom {
  hub: TestHub;
  readonly #folder: ReturnType<typeof tempFolder>;
  readonly #contexts: BrowserContext[] = [];
  readonly #complaints: string[] = [];
  /** the hub is away on purpose: that a page cannot reach it is no complaint */
  #isAway = false;

  private constructor(hub: TestHub, folder: ReturnType<typeof tempFolder>) {
    this.hub = hub;
    this.#folder = folder;
  }

  /** @param show `none`: an empty data folder; `planned` or `live`: the small plan of the kit */
  static async open(show: 'none' | 'planned' | 'live', plan: Record<string, unknown> = {}): Promise<ControlRoom> {
    const folder = tempFolder('desk');
    const args = ['--floor-host', '127.0.0.1', '--floor-port', '0', '--ingest-port', '0'];
    if (show !== 'none') args.push('--plan', planFile(folder.path, plan));
    const hub = await TestHub.start({ data: `${folder.path}/data`, args });
    if (show === 'live') await hub.do('open-show', { overrideReason: 'no stream in this test' });
    return new ControlRoom(hub, folder);
  }

  /** A new window with the desk in it, as the address that the hub prints opens it. */
  async desk(browser: Browser, viewport = LAPTOP): Promise<Page> {
    const context = await browser.newContext({ viewport, colorScheme: 'dark' });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !this.#isAway) this.#complaints.push(message.text());
    });
    await page.goto(`${this.hub.ready.desk}/#token=${this.hub.ready.token}`);
    // Keys are heard from here on; the page that only waits for the hub has no such part.
    await expect(page.locator('#content')).toBeVisible();
    return page;
  }

  async kill(): Promise<void> {
    this.#isAway = true;
    await this.hub.kill();
  }

  /** Nothing is left of the one show that anybody could read. */
  ruinShow(): void {
    const shows = join(this.#folder.path, 'data/shows');
    const folder = join(shows, readdirSync(shows)[0] ?? '');
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'show.db'), 'this is no database'.repeat(1000));
  }

  async comeBack(): Promise<void> {
    this.hub = await TestHub.start({ data: `${this.#folder.path}/data`, deskPort: this.hub.port });
  }

  /** A shop sells what is no longer there: the hub keeps the sale, finds the shortfall and raises a critical alarm. */
  async oversell(sku: string): Promise<void> {
    const quantity = ((await this.hub.state()).stock[sku]?.available ?? 0) + 2;
    await this.shopSells([{ sku, quantity, unitPriceMinor: 2400, discountMinor: 0 }]);
  }

  /** An order of a shop of one's own, as its webhook tells it. */
  async shopSells(
    lines: { sku: string; quantity: number; unitPriceMinor: number; discountMinor: number }[],
  ): Promise<void> {
    await this.hub.do('set-setting', { key: 'secret.ingest.secret', value: SECRET });
    const [id, at] = [nextId(), new Date()];
    const body = JSON.stringify({
      type: 'sale.recorded',
      source: 'my-shop',
      sourceId: id,
      at: at.toISOString(),
      channel: 'stream',
      lines,
      totalMinor: lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0),
    });
    const answer = await fetch(`${this.hub.ready.ingest}/ingest/generic`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(SECRET).sign(id, at, body),
      },
      body,
    });
    expect(answer.status).toBe(202);
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.hub.stop();
    this.#folder.remove();
    expect(this.#complaints).toEqual([]);
  }
}

export const tile = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });
export const go = (page: Page): Locator => page.getByRole('button', { name: /^Go: / });
export const alarmBar = (page: Page): Locator => page.getByRole('region', { name: 'Alarms' });

/** Goes on with Tab until the focus is there, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way by Tab to ${String(target)}`);
}
