import type { Till } from '../till.svelte.ts';
import { Later } from './later.svelte.ts';

/** The second part of the page; see Rest. */
export { default as AfterSale } from './AfterSale.svelte';
export { default as BillNotes } from './BillNotes.svelte';
export { default as LastSales } from './LastSales.svelte';
export { default as NeedsYou } from './NeedsYou.svelte';
export { default as Overlay } from './Overlay.svelte';

export function makeLater(till: Till): Later {
  return new Later(till);
}
