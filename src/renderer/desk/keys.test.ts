import { describe, expect, it } from 'vitest';
import readme from '../../../README.md?raw';
import { ACTIONS } from './actions.ts';
import { keyName } from './keys.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
): string => keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('the keys of the desk', () => {
  it('do one thing each', () => {
    const keys = ACTIONS.flatMap((action) => (action.key === null ? [] : [action.key]));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
  it('are named in README, every one', () => {
    const shown = ACTIONS.flatMap(({ key, shown }) => (key === null ? [] : [shown]));
    expect(shown.filter((key) => !readme.includes(`<kbd>${key}</kbd>`))).toEqual([]);
  });
  it('are written as a press names them, or nobody could ever press them', () => {
    for (const { key } of ACTIONS) {
      if (key === null) continue;
      const parts = key.split('+').filter(Boolean);
      const bare = key.endsWith('+') ? '+' : (parts.at(-1) ?? '');
      const name = press(bare === 'Space' ? ' ' : bare, {
        ctrlKey: key.startsWith('Mod+'),
        shiftKey: key.startsWith('Shift+'),
      });
      expect(name).toBe(key);
    }
  });
  it('never give Esc a meaning for the show', () => {
    expect(ACTIONS.some((action) => action.key === 'Escape')).toBe(false);
  });
  it('hear plus and question mark on every layout, with shift or without', () => {
    expect([press('+', { shiftKey: true }), press('+'), press('?', { shiftKey: true })]).toEqual(['+', '+', '?']);
  });
  it('hear Cmd as Ctrl', () => {
    expect([press('k', { metaKey: true }), press('K', { ctrlKey: true })]).toEqual(['Mod+k', 'Mod+k']);
  });
});
