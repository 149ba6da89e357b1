import type { ProcedureCommand, ProcedureKind } from '../../contract/commands.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Decision } from '../../domain/refusal.ts';
import { importControl } from './control.ts';
import { setSetting, takeSnapshot, verifyLedger } from './desk.ts';
import { approveDevice, inviteDevice, readCue, revokeDevice } from './devices.ts';
import { erasePerson } from './erase-person.ts';
import { finishClose } from './finish-close.ts';
import { findSale } from './find-sale.ts';
import type { Hall, Procedure } from './hall.ts';
import { cancelAction, importFile, retryLetter, settleLetter } from './import.ts';
import { attachBuyer, findPeople, recordSignup } from './people.ts';
import { adoptPlan, copyShow, loadShow, newShow, startDemo, stopDemo } from './shows.ts';
import {
  armFailover,
  clearSlate,
  confirmAction,
  retryIngest,
  runPreflight,
  showSlate,
  startRecording,
  switchIngest,
} from './stream.ts';
import { importTillSales, readPickup } from './till-sales.ts';

/** The dispatch table of what the hub carries out itself; the domain's is domain/decide/decide.ts. */
const procedures: { [K in ProcedureKind]: Procedure<K> } = {
  'adopt-plan': adoptPlan,
  'new-show': newShow,
  'load-show': loadShow,
  'copy-show': copyShow,
  'start-demo': startDemo,
  'stop-demo': stopDemo,
  'finish-close': finishClose,
  'invite-device': inviteDevice,
  'approve-device': approveDevice,
  'revoke-device': revokeDevice,
  'read-cue': readCue,
  'read-pickup': readPickup,
  'find-sale': findSale,
  'import-till-sales': importTillSales,
  'import-file': importFile,
  'import-control': importControl,
  'cancel-action': cancelAction,
  'confirm-action': confirmAction,
  'run-preflight': runPreflight,
  'arm-failover': armFailover,
  'show-slate': showSlate,
  'clear-slate': clearSlate,
  'switch-ingest': switchIngest,
  'retry-ingest': retryIngest,
  'start-recording': startRecording,
  'record-signup': recordSignup,
  'find-people': findPeople,
  'attach-buyer': attachBuyer,
  'erase-person': erasePerson,
  'settle-letter': settleLetter,
  'retry-letter': retryLetter,
  'verify-ledger': verifyLedger,
  'take-snapshot': takeSnapshot,
  'set-setting': setSetting,
};

export async function carryOut(command: ProcedureCommand, actor: Actor, hall: Hall): Promise<Decision> {
  const procedure = procedures[command.kind] as (
    command: ProcedureCommand,
    actor: Actor,
    hall: Hall,
  ) => Decision | Promise<Decision>;
  return procedure(command, actor, hall);
}
