import { createHmac } from 'node:crypto';
import Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import type { Signup } from '../../contract/plan-file.ts';
import { People, PEOPLE_MIGRATION } from './people.ts';

const refOf = (contact: string): string =>
  createHmac('sha256', 'key').update(contact.trim().toLowerCase()).digest('base64url').slice(0, 22);
let people: People;
beforeEach(() => {
  const db = new Database(':memory:');
  db.exec(PEOPLE_MIGRATION);
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
};

it('a sign-up is kept once, and an edited one replaces the former', () => {
  expect(people.save([ana])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(people.save([ana])).toEqual({ added: 0, changed: 0, unchanged: 1 });
  expect(people.save([{ ...ana, name: 'Ana M.' }])).toEqual({ added: 0, changed: 1, unchanged: 0 });
  expect(people.find('s-1')).toMatchObject({ name: 'Ana M.', at: ana.at });
});

it('the same address in other letters is the same person, and erasing takes every row of them', () => {
  people.save([
    ana,
    { ...ana, id: 's-2', email: 'ana@EXAMPLE.org ', kind: 'perk' },
    { ...ana, id: 's-3', email: null, phone: null },
  ]);
  expect(people.erase(refOf('ana@example.org'))).toBe(2);
  expect(people.list().map((person) => person.id)).toEqual(['s-3']);
});
