import { PlanAdoption } from '../parts/plan-adoption.svelte.ts';
import type { Desk } from '../desk.svelte.ts';

/** The plan file as this page changes it: only what is named here is touched, everything else goes back as it came. */
export interface PlanFileDraft {
  show: Record<string, unknown>;
  cues?: Record<string, unknown>[];
  stream?: Record<string, unknown>;
  [part: string]: unknown;
}

/** Changes a planned show by reading its plan file, changing one part, and adopting it again: one way in for plans. */
export class PlanEditor {
  readonly adoption: PlanAdoption;
  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.adoption = new PlanAdoption(desk);
  }

  async read(): Promise<PlanFileDraft> {
    return (await (await this.#desk.hub.read('/api/plan')).json()) as PlanFileDraft;
  }

  /** @returns whether the hub took it; faults are in `adoption` */
  async change(edit: (plan: PlanFileDraft) => void): Promise<boolean> {
    const plan = await this.read();
    edit(plan);
    return this.adoption.adoptPlan(plan);
  }
}

/** Hands a file to the person: the browser saves it where downloads go. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function exportPlan(desk: Desk): Promise<void> {
  const plan = await (await desk.hub.read('/api/plan')).text();
  const slug =
    desk.show.name
      .toLocaleLowerCase('en')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'show';
  saveFile(`${slug}.dropdesk`, new Blob([plan], { type: 'application/vnd.dropdesk.plan+json' }));
}
