import type { Component } from 'svelte';
import type { Later } from './later/later.svelte.ts';
import type { Till } from './till.svelte.ts';

export type SheetName = 'menu' | 'options' | 'drawer' | 'pickup' | 'past' | 'unsent' | 'receipt';

export interface RestProps {
  till: Till;
  rest: Rest;
  later: Later;
}

/** What the second part of the page brings: five places on the page, and what moves in them. */
export interface RestPart {
  Overlay: Component<RestProps>;
  AfterSale: Component<RestProps>;
  BillNotes: Component<RestProps>;
  NeedsYou: Component<RestProps>;
  LastSales: Component<RestProps>;
  makeLater: (till: Till) => Later;
}

/** The page sells first (UI-96); the rest comes a moment later by itself, so that it is there when the link is not. */
const LOAD_AFTER_MS = 300;
const AGAIN_MS = 3000;

/** The part of the till that is loaded after it can sell, and which sheet of it lies over the page. */
export class Rest {
  open = $state<SheetName | null>(null);
  /** sale that the receipt is of (id of its intent) */
  sale = $state<string | null>(null);
  /** null until it is loaded */
  part = $state.raw<RestPart | null>(null);
  later = $state.raw<Later | null>(null);
  readonly #load: () => Promise<RestPart>;
  readonly #till: Till;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  /** @param load the module; it is not named here, because its parts know this class */
  constructor(till: Till, load: () => Promise<RestPart>) {
    this.#till = till;
    this.#load = load;
  }

  /** @returns stop */
  start(): () => void {
    this.#timer = setTimeout(() => void this.#bring(), LOAD_AFTER_MS);
    return () => clearTimeout(this.#timer);
  }

  show(name: SheetName, sale: string | null = null): void {
    this.sale = sale;
    this.open = name;
  }

  close(): void {
    this.open = null;
  }

  async #bring(): Promise<void> {
    this.#tries += 1;
    try {
      const part = await this.#load();
      this.later = this.#till.later = part.makeLater(this.#till);
      this.part = part;
    } catch {
      // The hub went out of reach within the first second. Until it is back, the till sells.
      this.#timer = setTimeout(() => void this.#bring(), AGAIN_MS * Math.min(this.#tries, 5));
    }
  }
}
