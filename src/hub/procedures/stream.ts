import type { Procedure } from './hall.ts';

/** The stream is audited and saved by the stream's room; here are its doors for people. */
export const runPreflight: Procedure<'run-preflight'> = ({ checks }, actor, hall) =>
  hall.stream.preflight.run(checks ?? null, actor);

export const armFailover: Procedure<'arm-failover'> = ({ mode }, actor, hall) => hall.stream.failover.arm(mode, actor);

export const confirmAction: Procedure<'confirm-action'> = ({ action }, actor, hall) =>
  hall.stream.failover.confirm(action, actor);

export const showSlate: Procedure<'show-slate'> = (_command, actor, hall) =>
  hall.stream.failover.ask({ what: 'show-slate' }, actor);

export const clearSlate: Procedure<'clear-slate'> = (_command, actor, hall) =>
  hall.stream.failover.ask({ what: 'clear-slate' }, actor);

export const switchIngest: Procedure<'switch-ingest'> = ({ to }, actor, hall) =>
  hall.stream.failover.ask({ what: 'switch-ingest', to: to ?? 'backup' }, actor);

export const retryIngest: Procedure<'retry-ingest'> = (_command, actor, hall) =>
  hall.stream.failover.ask({ what: 'retry-ingest' }, actor);

export const startRecording: Procedure<'start-recording'> = (_command, actor, hall) =>
  hall.stream.failover.ask({ what: 'start-recording' }, actor);
