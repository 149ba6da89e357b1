import type { CueContent, CueScreenView } from '../../../contract/floor-views.ts';
import type { FloorConnection } from '../parts/connection.ts';

const KEY = 'dropdesk.cue-contents';
/** after a failed read; a new view or a returned link asks at once */
const AGAIN_MS = 5000;
/** own cues ahead, what is on air, and some that have been */
const REMEMBERED = 12;

/**
 * The long texts of cues, fetched ahead for all own cues and kept on the device, so that a phone that loses the hub
 * still has today's points (CUE-39). What is kept is shown at once and read anew once per page load.
 */
export class Contents {
  #all = $state.raw<readonly CueContent[]>(kept());
  #connection: FloorConnection;
  /** cue → rev that this page load has read or is reading */
  #asked: Record<string, number> = {};

  constructor(connection: FloorConnection) {
    this.#connection = connection;
  }

  of(cue: string | null): CueContent | null {
    return this.#all.find((content) => content.cue === cue) ?? null;
  }

  /** Reads whatever the view names and this page has not read at that rev. */
  follow(view: CueScreenView, onScreen: string | null): void {
    for (const { id, rev } of view.mine) this.#read(id, rev);
    if (onScreen !== null && !view.mine.some((mine) => mine.id === onScreen)) this.#read(onScreen, view.contentRev);
  }

  #read(cue: string, rev: number): void {
    if (this.#connection.link !== 'live' || this.#asked[cue] === rev) return;
    this.#asked[cue] = rev;
    this.#connection.ask('read-cue', { cue }).then(
      (reply) => {
        if (reply.ok) this.#keep(reply['content'] as CueContent);
      },
      () => setTimeout(() => delete this.#asked[cue], AGAIN_MS),
    );
  }

  #keep(content: CueContent): void {
    this.#all = [...this.#all.filter(({ cue }) => cue !== content.cue), content].slice(-REMEMBERED);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#all));
    } catch {
      // A full or forbidden store costs only the points after a reload without a hub; this page still has them.
    }
  }
}

function kept(): CueContent[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as CueContent[];
  } catch {
    return [];
  }
}
