import type { ShopKind } from './shop.ts';

/** Names of the secrets that shops are reached and believed with. Values never leave the hub (CON-11). */

/** Without one of these a shop cannot be asked; with one it is, unless the producer says no. */
export const SHOP_KEYS: Readonly<Record<ShopKind, readonly string[]>> = {
  shopify: ['shopify.token', 'shopify.clientId'],
  square: ['square.token'],
  stripe: ['stripe.key'],
  woocommerce: ['woocommerce.key'],
};

/** What a vendor signs its webhooks with; each has a `.former` beside it while it is being changed. */
export const SIGNING_SECRETS: Readonly<Record<ShopKind, readonly string[]>> = {
  // An app of one's own signs with its client secret.
  shopify: ['shopify.secret', 'shopify.clientSecret'],
  square: ['square.signatureKey'],
  stripe: ['stripe.webhookSecret'],
  woocommerce: ['woocommerce.webhookSecret'],
};

export const SHOP_SECRETS: readonly string[] = [
  ...Object.values(SHOP_KEYS).flat(),
  'woocommerce.secret',
  ...Object.values(SIGNING_SECRETS).flatMap((names) => names.flatMap((name) => [name, `${name}.former`])),
];
