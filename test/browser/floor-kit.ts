import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { planFile, tempFolder, TestHub, until } from '../kit/hub.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A hub with a live show and an open floor on loopback, that can be killed and come back at the same address. */
export class Floor {
  hub: TestHub;
  readonly #folder: ReturnType<typeof tempFolder>;
  readonly #contexts: BrowserContext[] = [];
  /** what the browser refused to run or to style, and errors of our scripts */
  readonly #complaints: string[] = [];

  private constructor(hub: TestHub, folder: ReturnType<typeof tempFolder>) {
    this.hub = hub;
    this.#folder = folder;
  }

  static async open(plan: Record<string, unknown> = {}): Promise<Floor> {
    const folder = tempFolder('floor');
    const args = ['--floor-host', '127.0.0.1', '--floor-port', '0', '--plan', planFile(folder.path, plan)];
    const hub = await TestHub.start({ data: `${folder.path}/data`, args });
    await hub.do('open-show', { overrideReason: 'no stream in this test' });
    return new Floor(hub, folder);
  }

  kill(): Promise<void> {
    return this.hub.kill();
  }

  async comeBack(): Promise<void> {
    const port = new URL(this.hub.ready.floor ?? '').port;
    const args = ['--floor-host', '127.0.0.1', '--floor-port', port];
    this.hub = await TestHub.start({ data: `${this.#folder.path}/data`, args, deskPort: this.hub.port });
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.hub.stop();
    this.#folder.remove();
    expect(this.#complaints).toEqual([]);
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/i.test(message.text())) this.#complaints.push(message.text());
    });
  }

  /** Scans an invitation and taps through the join page. */
  async join(
    browser: Browser,
    ask: { role: 'co-host' | 'till' | 'viewer'; person?: string; till?: string },
  ): Promise<Page> {
    const { url } = (await this.hub.do('invite-device', ask)) as unknown as { url: string };
    const context = await browser.newContext(PHONE);
    this.#contexts.push(context);
    const page = await context.newPage();
    this.#listen(page);
    await page.goto(url);
    await page.getByRole('button', { name: /start/i }).click();
    if (ask.role === 'till') await this.#approve();
    await page.waitForURL(/\/(cue|till|wall)\b/);
    return page;
  }

  /** The newest question of a till that nobody has answered yet. */
  approval(): Promise<{ approval: string; what: string; amountMinor: number }> {
    return until('a till asks', async () => {
      const { entries } = await this.hub.get<{ entries: { kind: string; body: never }[] }>('/api/ledger?limit=900');
      return entries.findLast(({ kind }) => kind === 'approval.asked')?.body;
    });
  }

  async #approve(): Promise<void> {
    const pending = await until('a till that waits for approval', async () =>
      (await this.hub.state()).devices.find((device) => device.state === 'pending'),
    );
    await this.hub.do('approve-device', { device: pending.id });
  }
}
