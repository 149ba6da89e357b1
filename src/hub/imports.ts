import type { ImportView } from '../contract/desk-state.ts';

/** Imports of order files that are under way: how far each is, and whether a person wants it to stop. */
export class Imports {
  readonly #running = new Map<string, ImportView>();

  views(): ImportView[] {
    return [...this.#running.values()];
  }

  /** @returns how it stands; `stopping`: somebody wants it to end here */
  report(id: string, name: string, { done, total }: { done: number; total: number }): ImportView {
    const stopping = this.#running.get(id)?.stopping ?? false;
    const view = { id, name, done, total, stopping };
    this.#running.set(id, view);
    return view;
  }

  /** What is booked stays; the same file again brings the rest. @returns false when there is no such import */
  cancel(id: string): boolean {
    const view = this.#running.get(id);
    if (view) this.#running.set(id, { ...view, stopping: true });
    return view !== undefined;
  }

  end(id: string): void {
    this.#running.delete(id);
  }
}
