import { createAdminApiClient } from '@shopify/admin-api-client';
import { z } from 'zod';
import { HOUR } from '../../domain/units.ts';
import { ShopFault, type ShopPlace } from './shop.ts';
import { type VendorReply, askVendor, readReply, vendorAddress, vendorSecret } from './vendor-http.ts';

/** The version of Shopify's API that the questions here were written for. */
const API_VERSION = '2026-07';
/** a token lives 24 h */
const RENEW_AFTER_MS = 20 * HOUR;
const KEY_ADVICE =
  'Enter the app’s client id and secret again, or a new token; the app needs read_orders, read_products, read_inventory and read_locations.';

/** The access token of one shop, kept as long as its wire lives. */
export interface ShopifyToken {
  text: string;
  madeAt: number;
}
export interface TokenCache {
  token: ShopifyToken | null;
}

const tokenReply = z.object({ access_token: z.string().min(1) });
const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string().nullish() }).nullish() })).nullish(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number(),
          throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number() }),
        })
        .nullish(),
    })
    .nullish(),
});
type Answer = z.output<typeof answer>;

/** Thrown inside when a question costs more than Shopify answers at once; the page is made smaller then. */
export class TooDear extends Error {}

/** GraphQL questions to one shop. */
export class ShopifyApi {
  readonly #place: ShopPlace;
  readonly #domain: string;
  readonly #cache: TokenCache;
  readonly #signal: AbortSignal;

  constructor(place: ShopPlace, account: string, cache: TokenCache, signal: AbortSignal) {
    this.#place = place;
    // At an address of its own a shop needs no name.
    this.#domain = domainOf(account === '' && place.baseUrl !== null ? 'shop' : account);
    this.#cache = cache;
    this.#signal = signal;
  }

  /** @throws ShopFault, TooDear */
  async ask(
    question: string,
    variables: Record<string, unknown>,
  ): Promise<{ data: Record<string, unknown>; vendorAt: number | null }> {
    let reply: VendorReply;
    try {
      reply = await this.#send(question, variables, await this.#token());
    } catch (fault) {
      if (!(fault instanceof ShopFault) || fault.kind !== 'auth' || !this.#isRenewable()) throw fault;
      // Shopify ends a token early when the app's rights change.
      this.#cache.token = null;
      reply = await this.#send(question, variables, await this.#token());
    }
    const { data, errors, extensions } = readReply(reply, answer, 'Shopify');
    const codes = (errors ?? []).map((error) => error.extensions?.code ?? '');
    if (codes.includes('MAX_COST_EXCEEDED')) throw new TooDear();
    if (codes.includes('THROTTLED'))
      throw new ShopFault('throttled', 'Shopify asks us to wait: too many questions.', {
        retryAfterMs: waitOf(extensions),
      });
    // Fields that this app has no right to come as null beside an error; the order is whole without them.
    const isWithheld = codes.every((code) => code === 'ACCESS_DENIED');
    if (!data || !isWithheld)
      throw new ShopFault('bad-answer', 'Shopify does not take the question; it is asked again.');
    return { data, vendorAt: reply.vendorAt };
  }

  /** The client builds the question; the way there is ours, as for every vendor: bounded, and in our words. */
  async #send(question: string, variables: Record<string, unknown>, accessToken: string): Promise<VendorReply> {
    const outcome: { reply: VendorReply | null; fault: unknown } = { reply: null, fault: null };
    const client = createAdminApiClient({
      storeDomain: this.#domain,
      apiVersion: API_VERSION,
      accessToken,
      // Its default writes to the console when this version is older than the newest.
      logger: () => undefined,
      customFetchApi: async (url, init) => {
        try {
          const { pathname } = new URL(url);
          outcome.reply = await this.#post(pathname, headersOf(init?.headers), init?.body ?? '');
          return new Response(outcome.reply.text, {
            status: outcome.reply.status,
            headers: { 'content-type': 'application/json' },
          });
        } catch (fault) {
          outcome.fault = fault;
          throw fault;
        }
      },
    });
    const { errors } = await client.request(question, { variables });
    if (outcome.fault !== null) throw outcome.fault;
    if (outcome.reply === null)
      throw new ShopFault('bad-answer', 'The question to Shopify could not be put.', { cause: errors });
    return outcome.reply;
  }

  #post(path: string, headers: Record<string, string>, body: string): Promise<VendorReply> {
    const base = vendorAddress(this.#place, `https://${this.#domain}`, 'Shopify');
    return askVendor(this.#place, {
      vendor: 'Shopify',
      url: new URL(path.slice(1), base),
      method: 'POST',
      headers,
      body,
      signal: this.#signal,
      keyAdvice: KEY_ADVICE,
    });
  }

  #isRenewable(): boolean {
    return this.#place.readSecret('shopify.token') === null;
  }

  /** A token that was entered by hand (older apps), else one that the app's id and secret are exchanged for. */
  async #token(): Promise<string> {
    if (!this.#isRenewable()) return vendorSecret(this.#place, 'shopify.token', 'The Shopify access token');
    const { token } = this.#cache;
    if (token && this.#place.now() - token.madeAt < RENEW_AFTER_MS) return token.text;
    const form = new URLSearchParams({
      client_id: vendorSecret(this.#place, 'shopify.clientId', 'The client id of the Shopify app'),
      client_secret: vendorSecret(this.#place, 'shopify.clientSecret', 'The client secret of the Shopify app'),
      grant_type: 'client_credentials',
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const reply = await this.#post('/admin/oauth/access_token', headers, form.toString());
    const text = readReply(reply, tokenReply, 'Shopify').access_token;
    this.#cache.token = { text, madeAt: this.#place.now() };
    return text;
  }
}

/** `harbour` and `harbour.myshopify.com` name the same shop. */
function domainOf(account: string): string {
  const name = account
    .trim()
    .toLowerCase()
    .replace(/\.myshopify\.com$/, '');
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
    throw new ShopFault('not-set-up', 'Enter the shop’s name as in its address: harbour.myshopify.com.');
  return `${name}.myshopify.com`;
}

/** How long until the question can be paid for (Shopify's bucket refills by the second). */
function waitOf(extensions: Answer['extensions']): number | null {
  const cost = extensions?.cost;
  if (!cost || cost.throttleStatus.restoreRate <= 0) return null;
  const lacking = cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable;
  return Math.max(1000, Math.ceil((lacking / cost.throttleStatus.restoreRate) * 1000));
}

function headersOf(given: unknown): Record<string, string> {
  return Object.fromEntries(new Headers(given as ConstructorParameters<typeof Headers>[0]));
}
