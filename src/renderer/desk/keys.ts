import { ACTIONS, type Action } from './actions.ts';
import type { Desk } from './desk.svelte.ts';

/** From a key press, or an entry of the native menu, to what it means here and now. The list itself is actions.ts. */

/** The action of a key press here and now, or null: nothing in fields, under dialogs, or while held down. */
export function pressedAction(desk: Desk, press: KeyboardEvent): Action | null {
  const name = keyName(press);
  const action = ACTIONS.find((one) => one.key === name);
  if (!action || press.repeat || desk.overlay !== null || document.querySelector('dialog[open]')) return null;
  if (!name.startsWith('Mod+') && !name.startsWith('F')) {
    if (!desk.singleKeys || isField(press.target)) return null;
    // Space and Shift+Space on a focused control press that control and nothing else.
    if (name.endsWith('Space') && isPressable(press.target)) return null;
  }
  return action.when && !action.when(desk) ? null : action;
}

/** The action of a native menu entry, or null: menus stay enabled while the page cannot do what they say. */
export function menuAction(desk: Desk, name: string): Action | null {
  const action = ACTIONS.find((one) => one.menu === name);
  return action && (!action.when || action.when(desk)) ? action : null;
}

/** "Mod" is Ctrl, or Cmd on a Mac. Shift is named only where it does not make the character itself. */
export function keyName({
  key,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const bare = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
  const shift = shiftKey && (bare === 'Space' || /^[a-z]$/.test(bare) || bare.length > 1) ? 'Shift+' : '';
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${shift}${bare}`;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=button]):not([type=submit]), select, textarea'))
  );
}

function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('button, a[href], summary, [role=button], [role=tab]') !== null
  );
}
