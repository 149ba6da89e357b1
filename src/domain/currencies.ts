/**
 * Decimal digits of every active ISO 4217 currency, by hand and not from `Intl`, which follows habit rather than the
 * standard (ICU 78 gives HUF, IDR and COP no digits, IQD none). Funds codes, metals and test codes are left out: nobody
 * is paid in them.
 */
const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const TWO =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
  'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
  'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
  'NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
  'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const THREE = 'BHD IQD JOD KWD LYD OMR TND';
/** ANG and BGN were withdrawn lately; shows of that time are still read. */
const TWO_WITHDRAWN = 'ANG BGN';

const digits = new Map<string, number>(
  [
    [NONE, 0],
    [TWO, 2],
    [THREE, 3],
    [TWO_WITHDRAWN, 2],
  ].flatMap(([codes, count]) =>
    String(codes)
      .split(' ')
      .map((code): [string, number] => [code, Number(count)]),
  ),
);

/** @returns null for a code that ISO 4217 does not know */
export function currencyDigits(code: string): number | null {
  return digits.get(code) ?? null;
}
export const CURRENCIES: readonly string[] = [...digits.keys()];
