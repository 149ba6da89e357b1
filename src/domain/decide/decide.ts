import type { DomainCommand, DomainCommandKind } from '../commands.ts';
import type { Decision } from '../refusal.ts';
import type { ShowState } from '../show.ts';
import { acknowledgeAlarm, shelveAlarm } from './alarm.ts';
import type { Ask } from './ask.ts';
import { adjustStock, closeShow, countStock, reopenShow } from './close.ts';
import { addTime, backCue, finishCue, pauseCue, resumeCue, skipCue, standbyCue, startCue } from './cue.ts';
import { addCue, editCue, moveCue, removeCue } from './cue-edit.ts';
import type { Decider } from './decider.ts';
import { requestApproval, answerApproval } from './approval.ts';
import { dismissDuplicate } from './duplicate.ts';
import { noteAuthorisation, releasePromise, settleAuthorisation } from './authorisation.ts';
import { countDrawer, openDrawer, payIn, payOut } from './drawer.ts';
import { exchangeItems } from './exchange.ts';
import { declareTillLost, returnLease } from './lease.ts';
import { handOverPickup, missPickup, readyPickup } from './pickup.ts';
import { noteCost, tickItem } from './routine.ts';
import { giveBackStock, writeOffStock } from './shelf-changes.ts';
import { answerCue, answerRequest, markMoment, requestHelp, sendMessage, tickPoint } from './floor.ts';
import { checkIn } from './check-in.ts';
import { namedDemand } from './named-demand.ts';
import { closeOffer, openOffer } from './offer.ts';
import { changeOffer } from './offer-terms.ts';
import { redeemPerk } from './perk.ts';
import { coverOrders, setControl } from './control.ts';
import { acceptSuggestion, reattributeSale } from './reattribute.ts';
import { recordSale, refundSale, voidSale } from './sell.ts';
import { adoptClock, openShow } from './show.ts';
import { noteViewers } from './viewers.ts';
import { extendHold, mapSku, moveStock, placeHold, receiveStock, releaseHold, resolveShortfall } from './stock.ts';

/** The one dispatch table: every transport ends here. */
const deciders: { [K in DomainCommandKind]: Decider<K> } = {
  'open-show': openShow,
  'close-show': closeShow,
  'reopen-show': reopenShow,
  'count-stock': countStock,
  'adjust-stock': adjustStock,
  'record-sale': recordSale,
  'void-sale': voidSale,
  'refund-sale': refundSale,
  'exchange-items': exchangeItems,
  'ready-pickup': readyPickup,
  'hand-over-pickup': handOverPickup,
  'miss-pickup': missPickup,
  'note-authorisation': noteAuthorisation,
  'settle-authorisation': settleAuthorisation,
  'reattribute-sale': reattributeSale,
  'accept-suggestion': acceptSuggestion,
  'set-control': setControl,
  'cover-orders': coverOrders,
  'release-promise': releasePromise,
  'dismiss-duplicate': dismissDuplicate,
  'open-drawer': openDrawer,
  'pay-in': payIn,
  'pay-out': payOut,
  'count-drawer': countDrawer,
  'request-approval': requestApproval,
  'answer-approval': answerApproval,
  'give-back-stock': giveBackStock,
  'write-off-stock': writeOffStock,
  'return-lease': returnLease,
  'declare-till-lost': declareTillLost,
  'tick-item': tickItem,
  'note-viewers': noteViewers,
  'note-cost': noteCost,
  'place-hold': placeHold,
  'extend-hold': extendHold,
  'release-hold': releaseHold,
  'receive-stock': receiveStock,
  'move-stock': moveStock,
  'resolve-shortfall': resolveShortfall,
  'map-sku': mapSku,
  'open-offer': openOffer,
  'close-offer': closeOffer,
  'change-offer': changeOffer,
  'check-in': checkIn,
  'redeem-perk': redeemPerk,
  'start-cue': startCue,
  'standby-cue': standbyCue,
  'finish-cue': finishCue,
  'back-cue': backCue,
  'pause-cue': pauseCue,
  'resume-cue': resumeCue,
  'skip-cue': skipCue,
  'add-time': addTime,
  'add-cue': addCue,
  'edit-cue': editCue,
  'move-cue': moveCue,
  'remove-cue': removeCue,
  'tick-point': tickPoint,
  'send-message': sendMessage,
  'answer-cue': answerCue,
  'request-help': requestHelp,
  'answer-request': answerRequest,
  'mark-moment': markMoment,
  'acknowledge-alarm': acknowledgeAlarm,
  'shelve-alarm': shelveAlarm,
  'adopt-clock': adoptClock,
};

export function decide(show: ShowState, command: DomainCommand, ask: Ask): Decision {
  const decider = deciders[command.kind] as (show: ShowState, command: DomainCommand, ask: Ask) => Decision;
  return namedDemand(show, decider(show, command, ask), command, ask);
}
