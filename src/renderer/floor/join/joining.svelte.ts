import { keepIdentity, PAGE_OF } from '../../lib/floor-identity.ts';
import { FloorLine } from '../../lib/floor-connection.svelte.ts';
import { pair, type Paired, PairFailed, type PairFailure, PairRefused } from './pair.ts';

/** One thing on the screen at a time. */
export type Step =
  | { is: 'no-code'; why: 'scan' | 'no-code' | 'bad-code' }
  | { is: 'ready' }
  | { is: 'joining' }
  | { is: 'who'; people: { id: string; name: string }[] }
  | { is: 'pending'; code: string }
  | { is: 'joined' }
  | { is: 'refused'; message: string | null }
  | { is: 'failed'; why: PairFailure | 'no-storage' };

/** From a scanned code to the device's own page. */
export class Joining {
  step = $state.raw<Step>({ is: 'ready' });
  readonly #invite: Uint8Array | null;
  readonly #deviceName: string;
  #line: FloorLine | null = $state.raw(null);

  constructor(invite: Uint8Array | null, { hasFragment, deviceName }: { hasFragment: boolean; deviceName: string }) {
    this.#invite = invite;
    this.#deviceName = deviceName;
    if (!invite) this.step = { is: 'no-code', why: hasFragment ? 'bad-code' : 'scan' };
    $effect(() => this.#follow());
  }

  /** @param name who it is, when the invitation names nobody */
  async start(name = this.#deviceName): Promise<void> {
    if (!this.#invite) return;
    // Asked before the invitation is used up: it is good for one device only.
    if (!canKeep()) return void (this.step = { is: 'failed', why: 'no-storage' });
    this.step = { is: 'joining' };
    try {
      this.#paired(await pair(this.#invite, name));
    } catch (error) {
      this.step = stepAfter(error);
    }
  }

  #paired({ identity, state, code }: Paired): void {
    keepIdentity(identity);
    if (state === 'joined') return this.#open(PAGE_OF[identity.role]);
    this.step = { is: 'pending', code };
    this.#line = new FloorLine(identity);
  }

  /** A waiting till knocks until the producer has said yes or no. */
  #follow(): (() => void) | undefined {
    return this.#line?.start();
  }

  /** Called by the page whenever the line's state changes. */
  get verdict(): 'yes' | 'no' | null {
    const link = this.#line?.link;
    return link === 'live' ? 'yes' : link === 'revoked' || link === 'unpaired' ? 'no' : null;
  }

  heard(verdict: 'yes' | 'no'): void {
    if (verdict === 'yes') this.#open(PAGE_OF.till);
    else this.step = { is: 'refused', message: null };
  }

  #open(page: string): void {
    this.step = { is: 'joined' };
    location.replace(page);
  }
}

function stepAfter(error: unknown): Step {
  if (error instanceof PairFailed) return { is: 'failed', why: error.failure };
  if (!(error instanceof PairRefused)) throw error;
  const { refusal } = error;
  return refusal.code === 'who-are-you'
    ? { is: 'who', people: refusal.people ?? [] }
    : { is: 'refused', message: refusal.message };
}

function canKeep(): boolean {
  try {
    localStorage.setItem('dropdesk.probe', '1');
    localStorage.removeItem('dropdesk.probe');
    return true;
  } catch {
    return false;
  }
}
