/** Closed vocabularies that facts, commands and views share. */

export const SALE_CHANNELS = ['in-person', 'stream', 'social'] as const;
export type SaleChannel = (typeof SALE_CHANNELS)[number];
/** Exactly one per sale; an outside sale without a channel stays `unattributed`, it is never guessed. */
export type Channel = SaleChannel | 'unattributed';
export const CHANNELS: readonly Channel[] = [...SALE_CHANNELS, 'unattributed'];

export const TENDER_KINDS = ['cash', 'card', 'other'] as const;
export type TenderKind = (typeof TENDER_KINDS)[number];

export type Phase = 'planned' | 'live' | 'closing' | 'closed';
export type DeviceRole = 'co-host' | 'till' | 'viewer';
export type Level = 'ok' | 'warn' | 'critical' | 'unknown' | 'off';
export type Priority = 1 | 2 | 3;
/** `reserve`, `quarantine`, `preorder`, `allot:<name>` or `till:<id>`. */
export type Pool = string;
export type Restock = 'reserve' | 'quarantine' | 'no';
export const WRITE_OFFS = ['damage', 'sample', 'staff', 'theft', 'other'] as const;
export type WriteOff = (typeof WRITE_OFFS)[number];
/** Flags of a sku that are rules (R26); any other text is only a label. */
export const SKU_FLAGS = [
  'limited',
  'event-only',
  'bundle-only',
  'pickup-only',
  'age-check',
  'fragile',
  'no-restock',
  'partner',
] as const;
export type SkuFlag = (typeof SKU_FLAGS)[number];
/** Why goods come back (STK-12). Old ledgers hold free text. */
export const RETURN_REASONS = [
  'damaged-packaging',
  'damaged-item',
  'wrong-item',
  'not-as-described',
  'size-or-colour',
  'changed-mind',
  'late',
  'duplicate',
  'fraud',
  'other',
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];
export const COST_KINDS = ['venue', 'stream', 'creator', 'samples', 'packaging', 'travel', 'fees', 'other'] as const;
export type CostKind = (typeof COST_KINDS)[number];
export const SIGNUP_KINDS = ['rsvp', 'waitlist', 'interest'] as const;
export type SignupKind = (typeof SIGNUP_KINDS)[number];
export type OfferKind = 'drop' | 'limited' | 'bundle' | 'preorder' | 'perk';
export type CueKind = 'talk' | 'drop' | 'break' | 'note';
export type CueAnswer = 'seen' | 'accepted' | 'need-a-minute' | 'declined';
export type HelpKind = 'stock' | 'price' | 'break' | 'help';
export type StreamSource = 'obs' | 'rtmp' | 'hls' | 'edge' | 'network';
export type StreamLayer = 'obs' | 'transport' | 'source' | 'recording' | 'delivery';

export const FAILOVER_MODES = ['observe', 'confirm', 'auto'] as const;
export type FailoverMode = (typeof FAILOVER_MODES)[number];
export const FAILOVER_ACTIONS = [
  'show-slate',
  'clear-slate',
  'switch-ingest',
  'retry-ingest',
  'start-recording',
] as const;
export type FailoverAction = (typeof FAILOVER_ACTIONS)[number];
/** STR-75 ff.: where the machine stands. */
export type FailoverWord = 'ready' | 'live' | 'degraded' | 'holding' | 'dark' | 'switching' | 'proving' | 'locked';
/** Ingests have labels, never addresses, wherever they are told of. */
export type IngestLabel = 'primary' | 'backup';
/** The three words first, then the rest, then what the desk itself checks (UI-53, UI-54). */
export const AUDIT_GROUPS = [
  'network',
  'caching',
  'failover',
  'encoder',
  'audio',
  'scene',
  'recording',
  'security',
  'desk',
] as const;
export type AuditGroup = (typeof AUDIT_GROUPS)[number];
export type AuditOutcome = 'pass' | 'warn' | 'fail' | 'skipped' | 'unknown';
/** Where a stream is sent: each has its range of bitrates and its keyframe interval. */
export const PLATFORMS = ['youtube', 'twitch', 'facebook', 'tiktok', 'custom'] as const;
export type Platform = (typeof PLATFORMS)[number];
