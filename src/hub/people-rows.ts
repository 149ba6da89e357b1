import { signupRows } from '../domain/attendance.ts';
import type { SignupRow } from '../domain/cohort-rows.ts';
import type { Book } from './book.ts';

/**
 * Everyone who signed up for a show, for its funnel and cohorts. Read from the ledger and not from the people, so that
 * the rows stay when a person is erased.
 */
export function peopleRows(book: Book): SignupRow[] {
  return signupRows(book.show.attendance);
}
