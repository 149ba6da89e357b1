import type { Reply } from '../../../contract/commands.ts';
import { clockTime } from '../../lib/format.ts';
import type { BodyOf } from '../../lib/hub-connection.svelte.ts';
import { t } from '../../lib/i18n/desk.ts';
import { Press } from '../../lib/press.svelte.ts';
import type { Desk } from '../desk.svelte.ts';
import { codeOfScan, type FoundPerson, foundPeople } from './found-person.ts';

/** Long enough for the next letter of somebody who types fast. */
const PAUSE_MS = 80;

/**
 * The door: who is looked for, who was found, what was done for them. Names live here while the dialog is open and
 * nowhere else; they come one search at a time and are never part of the desk's state.
 */
export class Door {
  readonly press: Press;
  text = $state('');
  found = $state.raw<FoundPerson[]>([]);
  /** the text that `found` answers */
  answered = $state('');
  at = $state(0);
  /** what was done last */
  said = $state('');
  readonly #desk: Desk;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.press = new Press(desk.hub);
  }

  get chosen(): FoundPerson | null {
    return this.found[this.at] ?? null;
  }

  type(text: string): void {
    this.text = text;
    this.said = '';
    this.press.forget();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), PAUSE_MS);
  }

  move(by: 1 | -1): void {
    const last = this.found.length - 1;
    this.at = Math.min(Math.max(0, this.at + by), Math.max(0, last));
  }

  /** Enter: a scanner is faster than any pause, so what was typed is looked for first. */
  async enter(): Promise<void> {
    if (this.text.trim() === '') return;
    if (this.answered !== codeOfScan(this.text)) await this.#search();
    if (this.chosen) await this.checkIn(this.chosen);
  }

  async checkIn(person: FoundPerson): Promise<void> {
    const reply = await this.press.send('check-in', { ref: person.ref });
    if (!reply?.ok) return;
    const time = clockTime(String(reply['at']), this.#desk.show.timeZone);
    const name = nameOf(person);
    // The reply's own word: an answer that was only repeated by the wire is a first check-in all the same.
    const isAlreadyIn = person.checkedInAt !== null;
    this.said = isAlreadyIn ? t('door.already', { name, time }) : t('door.welcome', { name });
    await this.#search();
  }

  async give(person: FoundPerson, offer: string): Promise<void> {
    const reply = await this.press.send('redeem-perk', { offer, ref: person.ref });
    if (reply?.ok) this.said = t('door.gave', { perk: offer, name: nameOf(person) });
    await this.#search();
  }

  async forget(person: FoundPerson): Promise<void> {
    const reply = await this.press.send('erase-person', { ref: person.ref });
    if (reply?.ok) this.said = t('door.forgotten', { name: nameOf(person) });
    await this.#search();
  }

  /** @returns true when somebody new is signed up */
  async signUp(given: BodyOf<'record-signup'>): Promise<boolean> {
    const reply = await this.press.send('record-signup', given);
    if (!reply?.ok) return false;
    const [name, code] = [given.name ?? t('door.noName'), String(reply['signup'])];
    this.said = t('door.signedUp', { name, code });
    this.text = code;
    await this.#search();
    return true;
  }

  async #search(): Promise<void> {
    clearTimeout(this.#timer);
    const text = codeOfScan(this.text);
    const mine = ++this.#asked;
    const reply: Reply | null = text === '' ? null : await this.#desk.hub.command('find-people', { text });
    // An answer to an earlier text that comes late is no answer to this one.
    if (mine !== this.#asked) return;
    const before = this.chosen?.ref;
    this.found = reply === null ? [] : foundPeople(reply);
    this.answered = text;
    this.at = Math.max(
      0,
      this.found.findIndex(({ ref }) => ref === before),
    );
    if (reply?.ok === false) this.press.refusal = reply.refusal;
  }
}

export function nameOf(person: FoundPerson): string {
  return person.name ?? `${t('door.noName')} (${person.signup})`;
}
