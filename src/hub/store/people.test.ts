import { createHmac } from 'node:crypto';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Signup } from '../../contract/plan-file.ts';
import { People, PEOPLE_MIGRATION, PEOPLE_SEARCH_MIGRATION } from './people.ts';

const refOf = (contact: string): string =>
  createHmac('sha256', 'key').update(contact.trim().toLowerCase()).digest('base64url').slice(0, 22);
let db: Database.Database;
let people: People;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec(PEOPLE_MIGRATION);
  db.exec(PEOPLE_SEARCH_MIGRATION);
  people = new People(db, refOf);
});

const ana: Signup = {
  id: 's-1',
  email: 'Ana@example.org',
  name: 'Ana',
  phone: null,
  kind: 'rsvp',
  channel: 'stream',
  at: '2026-11-20T10:00:00.000Z',
  consent: null,
  consentText: null,
  perk: null,
  source: null,
};
const states = (signups: Signup[]) => people.save(signups).map(({ state }) => state);
const names = (text: string) => people.search(text, 20).map(({ name }) => name);

it('a sign-up is kept once, and an edited one replaces the former', () => {
  expect(states([ana])).toEqual(['added']);
  expect(states([ana])).toEqual(['unchanged']);
  expect(states([{ ...ana, name: 'Ana M.' }])).toEqual(['changed']);
  expect(people.find('s-1')).toMatchObject({ name: 'Ana M.', at: ana.at });
});

it('the same address in other letters is the same person, and erasing takes every row and every word of them', () => {
  people.save([
    ana,
    { ...ana, id: 's-2', email: 'ana@EXAMPLE.org ', kind: 'perk' },
    { ...ana, id: 's-3', email: null, phone: null, name: 'Ben' },
  ]);
  expect(people.erase(refOf('ana@example.org'))).toBe(2);
  expect(people.list().map((person) => person.id)).toEqual(['s-3']);
  expect(names('ana')).toEqual([]);
  expect(JSON.stringify(db.prepare('SELECT * FROM person_word').all())).not.toMatch(/ana/i);
});

it('of a person with several rows the first counts and the newest word on consent holds', () => {
  people.save([
    { ...ana, id: 's-2', consent: 'yes', at: '2026-11-20T12:00:00.000Z', phone: '+351912345678' },
    { ...ana, consent: 'no' },
    { ...ana, id: 's-4', email: 'ben@example.org', consent: 'yes' },
    { ...ana, id: 's-5', email: 'ben@example.org', consent: null, at: '2026-11-21T00:00:00.000Z' },
  ]);
  expect(people.contacts()).toMatchObject([
    { name: 'Ana', phone: '+351912345678', consents: true },
    { email: 'ben@example.org', consents: false },
  ]);
});

describe('somebody at the door is found', () => {
  beforeEach(() => {
    people.save([
      { ...ana, id: 'K7TQ2M', name: 'Zoë D’Souza-Lima', email: 'zoe.lima@example.org', phone: '+351912345678' },
      { ...ana, id: 'su-2', name: 'Zora Lind', email: 'zl@example.net' },
      { ...ana, id: 'su-3', name: 'Bruno Zobel', email: 'bruno@example.org' },
    ]);
  });

  it('by the beginning of any part of the name, without accents and in any order', () => {
    expect(names('zo')).toEqual(['Bruno Zobel', 'Zoë D’Souza-Lima', 'Zora Lind']);
    expect(names('lima zoe')).toEqual(['Zoë D’Souza-Lima']);
    expect(names('d’souza-l')).toEqual(['Zoë D’Souza-Lima']);
    expect(names('ora')).toEqual([]);
  });

  it('by e-mail, code, or phone with and without its country', () => {
    for (const text of ['zoe.lima@', 'k7tq', '+351 912 345', '912345678', '00351 912'])
      expect(names(text), text).toEqual(['Zoë D’Souza-Lima']);
  });

  it('not by nothing, and not by what only looks like a pattern', () => {
    for (const text of ['', '   ', '%', '_', '*', "' OR 1=1 --"]) expect(names(text), text).toEqual([]);
  });

  it('once, however many rows there are', () => {
    people.save([{ ...ana, id: 'su-4', name: 'Zora Lind', email: 'zl@example.net', kind: 'waitlist' }]);
    expect(names('zora')).toEqual(['Zora Lind']);
  });
});

it('rows from before the search was there are found too', () => {
  const old = new Database(':memory:');
  old.exec(PEOPLE_MIGRATION);
  old
    .prepare('INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run('ref', 's-1', 'Ana Silva', 'ana@example.org', null, null, 'rsvp', null, 1);
  old.exec(PEOPLE_SEARCH_MIGRATION);
  expect(new People(old, refOf).search('silva', 20)).toMatchObject([{ id: 's-1', name: 'Ana Silva' }]);
});

it('a search among 5,000 people takes at most 5 ms', () => {
  const parts = ['an', 'be', 'cla', 'da', 'el', 'fi', 'ga', 'hu', 'io', 'ju'];
  const at = (n: number) => parts[n % 10] ?? '';
  people.save(
    Array.from({ length: 5000 }, (_, n) => ({
      ...ana,
      id: `su-${n}`,
      name: `${at(n)}${at(n / 10)}a ${at(n / 100)}${at(n / 1000)}s${n}`.replaceAll('undefined', ''),
      email: `person${n}@example.org`,
      phone: `+3519${String(10_000_000 + n)}`,
    })),
  );
  const search = (text: string): number => {
    const from = performance.now();
    people.search(text, 20);
    return performance.now() - from;
  };
  // "a" is the beginning of one name in ten, "person" that of every e-mail: the most that one search can find.
  for (const text of ['a', 'p', 'person', 'ana', '9', 'su-4', 'person4999@', 'anana bes']) {
    const times = Array.from({ length: 9 }, () => search(text)).sort((x, y) => x - y);
    expect(times[4], text).toBeLessThan(5);
  }
});
