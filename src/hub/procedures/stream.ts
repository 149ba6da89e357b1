import type { Decision } from '../../domain/refusal.ts';
import { cleaned, redact } from '../net/redact.ts';
import type { Procedure } from './hall.ts';

/** The stream is audited and saved by the stream's room; here are its doors for people. */
export const runPreflight: Procedure<'run-preflight'> = ({ checks }, actor, hall) =>
  withoutKeys(hall.stream.preflight.run(checks ?? null, actor));

export const armFailover: Procedure<'arm-failover'> = ({ mode }, actor, hall) =>
  withoutKeys(hall.stream.failover.arm(mode, actor));

export const confirmAction: Procedure<'confirm-action'> = ({ action }, actor, hall) =>
  withoutKeys(hall.stream.failover.confirm(action, actor));

export const showSlate: Procedure<'show-slate'> = (_command, actor, hall) =>
  withoutKeys(hall.stream.failover.ask({ what: 'show-slate' }, actor));

export const clearSlate: Procedure<'clear-slate'> = (_command, actor, hall) =>
  withoutKeys(hall.stream.failover.ask({ what: 'clear-slate' }, actor));

export const switchIngest: Procedure<'switch-ingest'> = ({ to }, actor, hall) =>
  withoutKeys(hall.stream.failover.ask({ what: 'switch-ingest', to: to ?? 'backup' }, actor));

export const retryIngest: Procedure<'retry-ingest'> = (_command, actor, hall) =>
  withoutKeys(hall.stream.failover.ask({ what: 'retry-ingest' }, actor));

export const startRecording: Procedure<'start-recording'> = (_command, actor, hall) =>
  withoutKeys(hall.stream.failover.ask({ what: 'start-recording' }, actor));

/** What OBS and servers have said may stand in a refusal; never with a key in it (STR-88). */
async function withoutKeys(decision: Decision | Promise<Decision>): Promise<Decision> {
  return cleaned(await decision, (text) => redact(text));
}
