import type { PlanView } from '../../../contract/desk-state.ts';

type Product = PlanView['products'][number];

/** Products that a foreign sku or name may mean: offered first, never taken alone (CON-4). Nearest first, at most five. */
export function nearProducts(products: readonly Product[], foreign: { sku: string; name: string }): Product[] {
  const [sku, name] = [plainSku(foreign.sku), words(foreign.name)];
  const ranked = products.map((product) => {
    const own = plainSku(product.sku);
    if (sku !== '' && own === sku) return { product, rank: 3 };
    const shared = words(product.name).filter((word) => name.includes(word)).length;
    const isInside = sku.length >= 3 && own.length >= 3 && (own.includes(sku) || sku.includes(own));
    return { product, rank: (isInside ? 1 : 0) + shared / Math.max(1, words(product.name).length) };
  });
  return ranked
    .filter(({ rank }) => rank >= 0.5)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, 5)
    .map(({ product }) => product);
}

/** Case, spaces, dashes and leading zeros tell no products apart. */
function plainSku(sku: string): string {
  return sku
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+/, '');
}

function words(name: string): string[] {
  return name.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}
