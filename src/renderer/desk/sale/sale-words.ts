import type { LatestSale } from '../../../contract/sales-state.ts';
import { money, type MoneyStyle } from '../../lib/format.ts';
import { t } from '../../lib/i18n/desk.ts';
import { TENDER_KINDS, type TenderKind } from '../../../domain/words.ts';
import type { Desk } from '../desk.svelte.ts';

/** "Blue mug ×2 and 1 more": what a sale was, in one line. */
export function whatText(lines: readonly { name: string; quantity: number }[]): string {
  const [first, ...others] = lines;
  if (!first) return '';
  const what = first.quantity > 1 ? `${first.name} ×${first.quantity}` : first.name;
  return others.length === 0 ? what : t('latest.and', { what, n: others.length });
}

export function whereText({ plan }: Desk['state'], { till, channel }: Pick<LatestSale, 'till' | 'channel'>): string {
  if (till === null) return t(`channel.${channel}`);
  return plan?.tills.find((one) => one.id === till)?.name ?? till;
}

/** "Card €12.00, Cash €6.00", of what the hub replied or a sale was paid with. */
export function tendersText(tenders: unknown, style: MoneyStyle): string {
  if (!Array.isArray(tenders)) return '';
  return tenders
    .flatMap((tender: { kind?: unknown; amountMinor?: unknown }) =>
      isTender(tender.kind) && typeof tender.amountMinor === 'number'
        ? [`${t(`tender.${tender.kind}`)} ${money(tender.amountMinor, style)}`]
        : [],
    )
    .join(', ');
}

function isTender(kind: unknown): kind is TenderKind {
  return TENDER_KINDS.some((one) => one === kind);
}
