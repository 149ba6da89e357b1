import { CURSORS_MIGRATION } from './cursors.ts';
import { INBOX_MIGRATION } from './inbox.ts';
import { LEDGER_MIGRATION } from './ledger.ts';
import { HALVES_MIGRATION } from './order-halves.ts';
import { PEOPLE_MIGRATION, PEOPLE_SEARCH_MIGRATION } from './people.ts';
import { SAMPLES_MIGRATION } from './samples.ts';

/** What a show's file holds. Append a line to change it; never edit one that has shipped. */
export const SHOW_MIGRATIONS: readonly string[] = [
  LEDGER_MIGRATION,
  SAMPLES_MIGRATION,
  INBOX_MIGRATION,
  PEOPLE_MIGRATION,
  HALVES_MIGRATION,
  PEOPLE_SEARCH_MIGRATION,
  CURSORS_MIGRATION,
];
