import { foldCode } from './gate-codes.ts';
import type { Fault } from './plan.ts';
import type { PlanParts } from './plan-parts.ts';

/** Gates of a plan that could never open, and codes that are the same code (OFR-2). */
export function offerFaults({ offers }: Pick<PlanParts, 'offers'>): Fault[] {
  return offers.flatMap(({ gate, codes = [] }, i) => {
    const faults: Fault[] = [];
    if (gate === 'code' && codes.length === 0)
      faults.push({ path: `offers[${i}].codes`, message: 'a gate of codes needs at least one code' });
    const first = new Map<string, number>();
    for (const [n, code] of codes.entries()) {
      const earlier = first.get(foldCode(code));
      if (earlier === undefined) first.set(foldCode(code), n);
      else
        faults.push({
          path: `offers[${i}].codes[${n}]`,
          message: `"${code}" is the same code as offers[${i}].codes[${earlier}]; capital letters make no difference`,
        });
    }
    return faults;
  });
}
