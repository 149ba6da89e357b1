import type { DeskKey } from '../../lib/i18n/desk.ts';

/** What the desk can tell the hub about one vendor. Settings and secrets by the hub's names (hub/settings.ts). */
export interface ShopFields {
  kind: 'shopify' | 'square' | 'stripe' | 'woocommerce';
  /** a proper name, the same in every language */
  name: string;
  /** what `account` is at this vendor */
  account: DeskKey & `shop.account.${string}`;
  /** the shop's own address is needed; else it is the vendor's, and another one is for tests */
  ownAddress: boolean;
  secrets: { name: string; label: DeskKey & `shop.secret.${string}` }[];
}

export const SHOPS: readonly ShopFields[] = [
  {
    kind: 'shopify',
    name: 'Shopify',
    account: 'shop.account.shopify',
    ownAddress: false,
    secrets: [
      { name: 'shopify.clientId', label: 'shop.secret.clientId' },
      { name: 'shopify.clientSecret', label: 'shop.secret.clientSecret' },
      { name: 'shopify.token', label: 'shop.secret.adminToken' },
      { name: 'shopify.secret', label: 'shop.secret.signing' },
    ],
  },
  {
    kind: 'square',
    name: 'Square',
    account: 'shop.account.square',
    ownAddress: false,
    secrets: [
      { name: 'square.token', label: 'shop.secret.token' },
      { name: 'square.signatureKey', label: 'shop.secret.signing' },
    ],
  },
  {
    kind: 'stripe',
    name: 'Stripe',
    account: 'shop.account.stripe',
    ownAddress: false,
    secrets: [
      { name: 'stripe.key', label: 'shop.secret.restricted' },
      { name: 'stripe.webhookSecret', label: 'shop.secret.signing' },
    ],
  },
  {
    kind: 'woocommerce',
    name: 'WooCommerce',
    account: 'shop.account.woocommerce',
    ownAddress: true,
    secrets: [
      { name: 'woocommerce.key', label: 'shop.secret.consumerKey' },
      { name: 'woocommerce.secret', label: 'shop.secret.consumerSecret' },
      { name: 'woocommerce.webhookSecret', label: 'shop.secret.signing' },
    ],
  },
];
