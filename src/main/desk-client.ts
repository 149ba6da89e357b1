import type { HubReady } from './ready-line.ts';

/** The little that the shell asks of the hub: the phase of the show, and where a written file lies. */
export class DeskClient {
  readonly #hub: () => HubReady | null;

  constructor(hub: () => HubReady | null) {
    this.#hub = hub;
  }

  /** @returns the phase, or null without a show or while the hub does not answer */
  async phase(): Promise<string | null> {
    const show = (await this.#get('/api/state?part=show')) as { phase?: unknown } | null;
    return typeof show?.phase === 'string' ? show.phase : null;
  }

  /**
   * Looks a written file up by its name in the hub's list; nothing that is not in the list has a path.
   *
   * @returns its path relative to the data folder, or null
   */
  async pathOf(path: string): Promise<string | null> {
    const list = (await this.#get('/api/files')) as { files?: { path: string }[] } | null;
    if (!list?.files?.some((file) => file.path === path)) return null;
    const show = (await this.#get('/api/state?part=show')) as { id?: unknown } | null;
    const shows = (await this.#get('/api/state?part=shows')) as { id: string; folder: string }[] | null;
    const folder = shows?.find(({ id }) => id === show?.id)?.folder;
    return folder === undefined ? null : `${folder}/${path}`;
  }

  async #get(path: string): Promise<unknown> {
    const hub = this.#hub();
    if (!hub) return null;
    try {
      const answer = await fetch(hub.desk + path, {
        headers: { authorization: `Bearer ${hub.token}` },
        signal: AbortSignal.timeout(2000),
      });
      return answer.ok ? ((await answer.json()) as unknown) : null;
    } catch {
      return null; // the hub is restarting; the next look will tell
    }
  }
}
