import type { DeskState } from '../../../contract/desk-state.ts';
import type { CellView } from '../../../contract/stock-state.ts';
import { t } from '../../lib/i18n/desk.ts';

const NOTHING: CellView = { physical: 0, held: 0, committed: 0, available: 0 };

/** Pools of a product that hold anything, the reserve always and first. */
export function poolsOf({ stock }: DeskState, sku: string): { pool: string; cell: CellView }[] {
  const { reserve = NOTHING, ...others } = stock[sku]?.pools ?? {};
  return [
    { pool: 'reserve', cell: reserve },
    ...Object.entries(others)
      .map(([pool, cell]) => ({ pool, cell }))
      .sort((a, b) => (a.pool < b.pool ? -1 : 1)),
  ];
}

export function poolName({ plan }: Pick<DeskState, 'plan'>, pool: string): string {
  if (pool === 'reserve' || pool === 'quarantine' || pool === 'preorder') return t(`pool.${pool}`);
  const [kind, id] = [pool.slice(0, pool.indexOf(':')), pool.slice(pool.indexOf(':') + 1)];
  if (kind === 'till') return t('pool.till', { name: plan?.tills.find((till) => till.id === id)?.name ?? id });
  return t('pool.allot', { name: id });
}

/** Where goods can be put: the reserve, a till, an offer's own allotment, quarantine. */
export function goodsPools({ plan, offers }: DeskState, sku: string): string[] {
  const allotments = Object.entries(offers).flatMap(([id, offer]) =>
    offer.sku === sku && offer.kind !== 'preorder' && offer.kind !== 'perk' ? [`allot:${id}`] : [],
  );
  return ['reserve', ...allotments, ...(plan?.tills ?? []).map(({ id }) => `till:${id}`), 'quarantine'];
}
