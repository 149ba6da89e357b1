/**
 * Sales that a till could not send, as a text that a person carries to the desk (TIL-4): a file, or pages of QR codes
 * that a scanner types in, line by line. The desk books them under the same ids, so that the till's own sending later
 * changes nothing. Pure; the reading side with its checks is till-sales-file.ts.
 */
export interface TillSales {
  format: 'dropdesk-till-sales';
  version: 1;
  /** id of the show they were made for */
  show: string;
  /** the till's device, whose commands they are */
  device: string;
  commands: { id: string; kind: string; body: Record<string, unknown>; madeAt: string }[];
}

/** Characters on one page: a QR code of 700 bytes is read from a phone's screen at arm's length. */
const PAGE_LETTERS = 700;
const PAGE = /^DDTS(\d{1,3})\/(\d{1,3}):(.*)\.$/;

/** As ASCII: a scanner that types does not know other letters. */
export function tillSalesText(sales: TillSales): string {
  return JSON.stringify(sales).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The text in pages, each with its number, their number and an end that no scanner trims. */
export function tillSalesPages(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / PAGE_LETTERS));
  return Array.from({ length: count }, (_, n) => {
    return `DDTS${n + 1}/${count}:${text.slice(n * PAGE_LETTERS, (n + 1) * PAGE_LETTERS)}.`;
  });
}

/**
 * The text again, from pages in any order, or the text itself.
 *
 * @returns the numbers of missing pages when it is not whole
 */
export function joinTillSalesPages(given: string): { text: string } | { missing: number[] } {
  const lines = given.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pages = new Map<number, string>();
  let count = 0;
  for (const line of lines) {
    const [, number, of, text] = PAGE.exec(line.trim()) ?? [];
    if (number === undefined || of === undefined || text === undefined) return { text: given };
    pages.set(Number(number), text);
    count = Math.max(count, Number(of));
  }
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const missing = numbers.filter((number) => !pages.has(number));
  return missing.length > 0 ? { missing } : { text: numbers.map((number) => pages.get(number) ?? '').join('') };
}
