/**
 * What a command's reply adds and why it may be refused: what no schema says. Bodies come from the schemas themselves
 * (api-page.mjs); a test refuses a command without a row here, and a refusal that no row names.
 *
 * A row: kind → [reply adds, refusals], both as words apart.
 *
 * @typedef {[reply: string, refusals: string]} Notes
 * @type {{ title: string, commands: Record<string, Notes> }[]}
 */
export const GROUPS = [
  {
    title: 'The show',
    commands: {
      'adopt-plan': ['show warnings[]', 'plan-invalid (faults[]) show-is-live'],
      'new-show': ['show warnings[]', 'plan-invalid show-is-live'],
      'copy-show': ['show startsAt warnings[]', 'no-plan show-is-live'],
      'load-show': ['show', 'unknown-show show-is-live'],
      'start-demo': ['show', 'show-is-live'],
      'stop-demo': ['', ''],
      'open-show': ['warnings[]', 'no-plan already-open preflight-blocks (items[])'],
      'close-show': ['state blockers[]', 'not-open blocked (blockers[])'],
      'count-stock': ['expected variance pass secondCount', 'not-closing unknown-sku'],
      'adjust-stock': ['available', 'unknown-sku not-counted not-enough (available) bad-value'],
      'finish-close': ['files[] failedChecks[]', 'not-closing blocked (blockers[]) write-failed'],
      'reopen-show': ['', 'not-closing too-late'],
      'tick-item': ['item done', 'unknown-item'],
      'note-cost': ['cost', 'no-plan bad-value'],
      'set-control': ['', 'no-plan bad-value'],
      'import-control': [
        'rows orders buyers repeats sumMinor sumSquaresMinor ofShow young problems[]',
        'no-plan no-buyers unreadable too-large',
      ],
      'cover-orders': ['', 'bad-value'],
    },
  },
  {
    title: 'Sales and money back',
    commands: {
      'record-sale': [
        'saleId totalMinor remaining retaken? pickupCode? dueMinor? roundingMinor? changeMinor?',
        'show-not-open no-plan unknown-sku out-of-stock (sku available leased?) hold-expired hold-ended unknown-hold unknown-offer offer-closed cap-reached (available) gate-closed code-unknown code-used person-limit (available) flag-forbids (flag) tender-mismatch (differenceMinor) needs-approval (limitMinor) reason-required bad-value',
      ],
      'void-sale': ['saleId', 'unknown-sale already-voided has-refunds undo-too-late show-not-open'],
      'refund-sale': [
        'refundId refundedMinor tenders roundingMinor? dueMinor?',
        'unknown-sale already-voided more-than-sold (available) more-than-paid (refundableMinor) not-enough-cash flag-forbids needs-approval reason-required not-allowed no-plan unknown-sku',
      ],
      'exchange-items': [
        'exchangeId refundId saleId differenceMinor totalMinor remaining',
        'those of refund-sale and record-sale',
      ],
      'find-sale': ['sales[] more', 'show-not-open'],
      'reattribute-sale': ['saleId channel creator', 'unknown-sale already-voided unknown-person bad-value'],
      'accept-suggestion': ['saleId channel creator', 'unknown-sale already-voided no-suggestion'],
      'dismiss-duplicate': ['saleId rung', 'unknown-duplicate'],
      'attach-buyer': ['', 'unknown-sale already-identified bad-value'],
      'ready-pickup': [
        'saleId code',
        'unknown-sale not-a-pickup already-voided already-handed-over goods-owed nothing-left',
      ],
      'read-pickup': ['saleId receipt lines[] dueMinor', 'code-unknown'],
      'hand-over-pickup': [
        'saleId handedOver[] left[] dueMinor paidMinor? roundingMinor?',
        'code-unknown unknown-sale not-a-pickup already-voided already-handed-over (at by device) goods-owed nothing-left bad-value',
      ],
      'miss-pickup': ['saleId', 'unknown-sale not-a-pickup already-voided already-handed-over goods-owed nothing-left'],
      'note-authorisation': ['authorisation expiresAt', 'unknown-sale already-voided already-noted bad-value'],
      'settle-authorisation': [
        'authorisation capturedMinor',
        'unknown-authorisation already-settled more-than-authorised (authorisedMinor)',
      ],
      'release-promise': ['saleId freed', 'unknown-sale already-voided promise-stands already-handed-over has-refunds'],
    },
  },
  {
    title: 'Drawers and approvals',
    commands: {
      'open-drawer': ['drawer', 'drawer-open unknown-till'],
      'pay-in': ['drawer', 'unknown-till'],
      'pay-out': ['drawer', 'not-enough (availableMinor) unknown-till'],
      'count-drawer': [
        'drawer expectedMinor countedMinor varianceMinor',
        'drawer-closed reason-required unknown-till bad-value',
      ],
      'request-approval': ['approval', 'show-not-open unknown-sku unknown-sale bad-value'],
      'answer-approval': ['', 'unknown-approval'],
    },
  },
  {
    title: 'Stock',
    commands: {
      'receive-stock': ['available', 'unknown-sku unknown-till not-allowed bad-value'],
      'move-stock': ['available', 'unknown-sku not-enough (available) unknown-till not-allowed bad-value'],
      'give-back-stock': ['available', 'unknown-sku not-enough (available) not-allowed bad-value'],
      'write-off-stock': ['available', 'unknown-sku not-enough (available) reason-required not-allowed bad-value'],
      'place-hold': [
        'holdId expiresAt',
        'show-not-open no-plan unknown-sku out-of-stock (available) unknown-offer offer-closed cap-reached gate-closed code-unknown code-used person-limit flag-forbids bad-value',
      ],
      'extend-hold': ['expiresAt', 'unknown-hold already-extended not-allowed'],
      'release-hold': ['', 'unknown-hold not-allowed'],
      'return-lease': ['returned', 'not-allowed'],
      'declare-till-lost': ['lease', 'unknown-till already-lost'],
      'resolve-shortfall': ['settled open', 'unknown-shortfall out-of-stock unknown-sku bad-value'],
      'map-sku': ['taken shortfall', 'unknown-line unknown-sku'],
      'settle-letter': ['', 'unknown-letter'],
      'retry-letter': ['', 'unknown-letter'],
      'import-file': [
        'rows added changed unchanged problems[] problemCount headings[] mapping cancelled?',
        'no-plan show-not-open show-is-live unreadable too-large',
      ],
      'import-till-sales': ['added repeated refused[]', 'another-show unknown-device bad-value'],
      'cancel-action': ['', 'unknown-action'],
      'confirm-action': ['action', 'unknown-action obs-away not-done'],
      'run-preflight': ['auditId word', 'no-plan unknown-check already-running cancelled'],
      'arm-failover': ['mode', 'no-backup scene-missing show-not-open'],
      'show-slate': ['action', 'no-slate scene-missing obs-away busy not-done'],
      'clear-slate': ['action', 'no-slate scene-missing obs-away busy not-done'],
      'switch-ingest': ['action', 'no-backup already-there stream-is-fine obs-away busy not-done'],
      'retry-ingest': ['action', 'not-on-air stream-is-fine obs-away busy not-done'],
      'start-recording': ['action', 'already-recording obs-away busy not-done'],
      'note-viewers': ['', ''],
    },
  },
  {
    title: 'Offers and people',
    commands: {
      'open-offer': ['', 'unknown-offer already-open show-not-open offer-closed cap-reached out-of-stock'],
      'close-offer': ['', 'unknown-offer not-open'],
      'change-offer': ['open remaining', 'unknown-offer show-not-open bad-value (lowest)'],
      'record-signup': ['signup ref repeated?', 'no-plan show-not-open unknown-offer'],
      'find-people': ['people[]', 'show-not-open'],
      'check-in': ['ref at repeated?', 'unknown-signup show-not-open no-plan bad-value'],
      'redeem-perk': [
        'ref sku costMinor available',
        'unknown-offer unknown-signup gate-closed person-limit offer-closed cap-reached code-unknown code-used out-of-stock unknown-sku show-not-open bad-value',
      ],
      'erase-person': ['rows shows[] copies', 'unknown-signup show-not-open bad-value'],
    },
  },
  {
    title: 'Run of show',
    commands: {
      'start-cue': [
        'cue run held? warning?',
        'show-not-open unknown-cue no-next-cue cannot-start cue-is-running cue-is-done too-soon moved-on held-by-stream',
      ],
      'standby-cue': ['cue warning?', 'show-not-open unknown-cue no-next-cue cannot-start cue-is-running cue-is-done'],
      'finish-cue': ['cue', 'show-not-open unknown-cue not-running'],
      'back-cue': ['cue', 'show-not-open unknown-cue not-running nothing-before'],
      'pause-cue': ['cue', 'show-not-open unknown-cue not-running cannot-pause'],
      'resume-cue': ['cue', 'show-not-open unknown-cue not-running'],
      'skip-cue': ['cue warning?', 'show-not-open unknown-cue no-next-cue cue-is-running cue-is-done'],
      'add-time': ['cue', 'show-not-open unknown-cue not-running bad-value'],
      'add-cue': ['cue', 'no-plan show-not-open unknown-cue bad-value'],
      'edit-cue': [
        'cue',
        'no-plan show-not-open unknown-cue changed-meanwhile (rev) cue-is-running cue-is-done bad-value',
      ],
      'move-cue': ['cue', 'no-plan show-not-open unknown-cue cue-is-running cue-is-done'],
      'remove-cue': ['cue', 'no-plan show-not-open unknown-cue cue-is-running cue-is-done'],
      'tick-point': ['', 'unknown-cue unknown-point not-running not-allowed'],
      'read-cue': ['content', 'unknown-cue not-allowed'],
      'mark-moment': ['momentId', 'show-not-open'],
    },
  },
  {
    title: 'Messages, alarms, devices, the hub',
    commands: {
      'send-message': ['messageId nobody[]', 'nobody-there bad-value'],
      'answer-cue': ['', 'unknown-dispatch too-late'],
      'request-help': ['requestId times', 'show-not-open'],
      'answer-request': ['', 'unknown-request'],
      'acknowledge-alarm': ['alarms[]', 'unknown-alarm'],
      'shelve-alarm': ['until', 'unknown-alarm cannot-shelve bad-value'],
      'adopt-clock': ['', 'no-jump bad-value'],
      'invite-device': ['url expiresAt', 'floor-unavailable bad-value too-many-requests'],
      'approve-device': ['', 'unknown-device code-mismatch (left)'],
      'revoke-device': ['', 'unknown-device'],
      'set-setting': ['', 'unknown-setting bad-value'],
      'verify-ledger': ['entries head ledgerId firstBadSeq', 'show-not-open'],
      'take-snapshot': ['path', 'show-not-open storage-failed'],
    },
  },
];

/** Refusals that any command may meet. */
export const ANYWHERE = [
  'id-reused',
  'not-allowed',
  'disk-full',
  'storage-failed',
  'hub-recovering',
  'too-many-requests',
  'failed',
];
