import { t } from '../../lib/i18n/desk.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';

export interface PlanFault {
  path: string;
  message: string;
}

/** Reads a plan from text or a file and gives it to the hub; what does not fit comes back fault by fault. */
export class PlanAdoption {
  readonly press: Press;
  faults = $state.raw<PlanFault[]>([]);
  warnings = $state.raw<string[]>([]);
  unreadable = $state('');

  constructor(desk: Desk) {
    this.press = new Press(desk.hub);
  }

  /** @returns whether the hub took it */
  async adopt(text: string): Promise<boolean> {
    this.faults = [];
    this.unreadable = '';
    let plan: unknown;
    try {
      plan = JSON.parse(text);
    } catch (error) {
      this.unreadable = t('setup.notJson', { message: error instanceof Error ? error.message : '' });
      return false;
    }
    return this.adoptPlan(plan);
  }

  async adoptPlan(plan: unknown): Promise<boolean> {
    const reply = await this.press.send('adopt-plan', { plan });
    if (!reply) return false;
    if (reply.ok) {
      this.faults = [];
      this.warnings = Array.isArray(reply['warnings']) ? reply['warnings'].map(String) : [];
      return true;
    }
    const faults = reply.refusal['faults'];
    this.faults = Array.isArray(faults) ? (faults as PlanFault[]) : [];
    return false;
  }
}
