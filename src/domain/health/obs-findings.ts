import { usualGapMs } from './contact.ts';
import { plain } from './findings.ts';
import type { Finding } from './hold.ts';
import type { Health } from './state.ts';
import type { Turn } from './turn.ts';

const OBS_SILENT_MS = 3000;

/** STR-20: a closed socket is certain at once; an open question is a warning, and after three seconds a frozen OBS. */
export function obsAnswer({ obs }: Health, { now }: Turn): Finding {
  const { contact } = obs;
  if (contact.lastAnswerMs === null) return null;
  if (contact.error === 'refused' || contact.error === 'closed') return plain(2);
  if (now - contact.lastAnswerMs >= Math.max(OBS_SILENT_MS, 2 * usualGapMs(contact))) return plain(2);
  return plain(contact.error === 'timeout' ? 1 : 0);
}
