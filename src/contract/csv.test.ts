import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, defuse, looksLikeFormula, undefuse } from './csv.ts';
import type { CsvColumn } from './csv.ts';

const columns: CsvColumn<{ name: string; amount: string | number | null }>[] = [
  { name: 'name', kind: 'text', of: (row) => row.name },
  { name: 'amount', kind: 'number', of: (row) => row.amount },
];

describe('csvText', () => {
  it('begins with a BOM, ends lines with CRLF and writes the header even over no rows', () => {
    expect(csvText([], columns)).toBe('\uFEFFname,amount\r\n');
  });
  it('defuses text that a spreadsheet would run and leaves numbers alone', () => {
    expect(csvText([{ name: '=1+1', amount: '-12.50' }], columns)).toBe("\uFEFFname,amount\r\n'=1+1,-12.50\r\n");
    expect(csvText([{ name: '-45.00', amount: -45 }], columns)).toContain("'-45.00,-45\r\n");
  });
  it('quotes separators, quotes and line breaks', () => {
    expect(csvText([{ name: 'a "b", c\nd', amount: null }], columns)).toContain('"a ""b"", c\nd",\r\n');
  });
  it('can write for a spreadsheet that wants semicolons and decimal commas', () => {
    expect(csvText([{ name: 'a,b', amount: '1.50' }], columns, { separator: ';', decimal: ',' })).toContain(
      'a,b;1,50\r\n',
    );
  });
  it('refuses a text in a number column: it would not be defused there', () => {
    expect(() => csvText([{ name: '', amount: '=1' }], columns)).toThrow('column amount');
  });
});

describe('defuse', () => {
  it.each(['=1', '+1', '-1', '@a', '\t=1', '\r1', '\n1', '\u0000', '＝1', '＋1', '－1', '＠1', '  =1'])(
    'puts a quote before %j',
    (text) => {
      expect(defuse(text)).toBe(`'${text}`);
    },
  );
  it.each(['', 'a=1', "it's", "'quoted'", '1-2', ' a'])('leaves %j alone', (text) => {
    expect(defuse(text)).toBe(text);
  });
  it('is undone exactly, whatever the text', () => {
    const hostile = fc.string({
      unit: fc.constantFrom("'", '=', '-', '@', '＝', ' ', '\t', '\r', '\n', '\u0000', '"', ',', ';', 'a', '1', '😀'),
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        expect(undefuse(defuse(text))).toBe(text);
        expect(looksLikeFormula(defuse(text))).toBe(false);
      }),
    );
  });
  it('survives a whole file with an independent reader', () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '=', '-', ' ', '\t', '\r', '\n', '"', ',', ';', 'a', 'é', '😀'),
    });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 8 }),
        fc.constantFrom(',' as const, ';' as const, '\t' as const),
        (names, separator) => {
          const file = csvText(
            names.map((name) => ({ name, amount: 1 })),
            columns,
            { separator, decimal: '.' },
          );
          const rows = parse(file, {
            bom: true,
            columns: true,
            delimiter: separator,
            record_delimiter: '\r\n',
          }) as unknown as { name: string }[];
          expect(rows.map((row) => undefuse(row.name))).toEqual(names);
        },
      ),
    );
  });
});
