import { createContext } from 'svelte';
import type { DeskState, ShowView } from '../../contract/desk-state.ts';
import type { Reply } from '../../contract/commands.ts';
import type { MoneyStyle } from '../lib/format.ts';
import type { BodyOf, HubConnection } from '../lib/hub-connection.svelte.ts';
import type { CommandKind } from '../../contract/commands.ts';
import { t } from '../lib/i18n/desk.ts';
import { Press } from '../lib/press.svelte.ts';
import { StreamHistory } from './live/stream-history.svelte.ts';

export type Mode = 'setup' | 'live' | 'close';
export type SellingTab = 'latest' | 'offers' | 'creators';
export type Tab = 'reserve' | 'stream' | 'sales' | 'air';
export type SetupStep = 'show' | 'products' | 'cues' | 'stream' | 'selling' | 'devices' | 'checklist' | 'go';
export type ImportKind = 'products' | 'cues' | 'sales' | 'returns' | 'signups' | 'viewers';

/** What lies on top of the page; only one at a time. */
export type Overlay =
  | { name: 'alarms' }
  | { name: 'stream' }
  | { name: 'audit' }
  | { name: 'sale' }
  | { name: 'stock'; sku: string | null }
  | { name: 'settle' }
  | { name: 'pickups' }
  | { name: 'no-receipt' }
  | { name: 'offer'; offer: string }
  | { name: 'sale-sheet'; saleId: string }
  | { name: 'find-sale'; suggestedTo: string | null }
  | { name: 'message'; to: string | null; text: string }
  | { name: 'connect' }
  | { name: 'shortcuts' }
  | { name: 'palette' }
  | { name: 'drawers'; till: string | null }
  | { name: 'costs' }
  | { name: 'till-sales' }
  | { name: 'door' }
  | { name: 'shows' }
  | { name: 'import'; what: ImportKind };

const AUDIT_WORDS = ['go', 'check', 'no-go'] as const;
const TOAST_MS = 10_000;
const KEYS_OFF = 'dropdesk.singleKeysOff';

/**
 * The desk's own state: what the producer looks at and has chosen. Everything about the show comes from the hub and is
 * never copied here.
 */
export class Desk {
  readonly hub: HubConnection;
  readonly history = new StreamHistory();
  readonly go: Press;
  readonly cueTools: Press;
  /** acknowledging and shelving */
  readonly alarmPress: Press;
  /** what the alarm bar's first button does; a switch takes seconds, and an alarm can be acknowledged meanwhile */
  readonly alarmAct: Press;
  /** what is done about the stream, and a yes to what is proposed */
  readonly failoverPress: Press;
  /** a no to it, and arming: possible while something is under way */
  readonly failoverTools: Press;
  readonly auditPress: Press;
  overlay = $state<Overlay | null>(null);
  tab = $state<Tab>('reserve');
  sellingTab = $state<SellingTab>('latest');
  setupStep = $state<SetupStep>('show');
  selectedCue = $state<string | null>(null);
  /** what was said last, for the toast and the polite live region */
  said = $state('');
  singleKeys = $state(localStorage.getItem(KEYS_OFF) === null);
  #chosen = $state<{ mode: Mode; show: string; phase: string } | null>(null);
  #saidTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(hub: HubConnection) {
    this.hub = hub;
    this.go = new Press(hub);
    this.cueTools = new Press(hub);
    this.alarmPress = new Press(hub);
    this.alarmAct = new Press(hub);
    this.failoverPress = new Press(hub);
    this.failoverTools = new Press(hub);
    this.auditPress = new Press(hub);
  }

  get state(): DeskState {
    if (!this.hub.state) throw new Error('the desk was drawn before the hub had spoken');
    return this.hub.state;
  }

  get show(): ShowView {
    if (!this.state.show) throw new Error('this page needs a show');
    return this.state.show;
  }

  get money(): MoneyStyle {
    return { currency: this.show.currency, digits: this.show.currencyDigits };
  }

  /** The phase decides, until somebody looks elsewhere; a new phase takes everybody along. */
  get mode(): Mode {
    const { id, phase } = this.show;
    if (this.#chosen?.show === id && this.#chosen.phase === phase) return this.#chosen.mode;
    return phase === 'planned' ? 'setup' : phase === 'live' ? 'live' : 'close';
  }

  choose(mode: Mode): void {
    this.#chosen = { mode, show: this.show.id, phase: this.show.phase };
  }

  open(overlay: Overlay): void {
    this.overlay = overlay;
  }

  close(): void {
    this.overlay = null;
  }

  say(text: string): void {
    clearTimeout(this.#saidTimer);
    this.said = text;
    this.#saidTimer = setTimeout(() => (this.said = ''), TOAST_MS);
  }

  switchSingleKeys(on: boolean): void {
    this.singleKeys = on;
    if (on) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, '1');
  }

  /** A command without a control of its own (keys, palette): a refusal is said aloud. */
  async ask<K extends CommandKind>(kind: K, body: BodyOf<K>): Promise<Reply> {
    const reply = await this.hub.command(kind, body);
    if (!reply.ok) this.say(reply.refusal.message);
    return reply;
  }

  /** Up to half a minute; `state.audit.running` tells how far it is. @param checks null: all */
  async audit(checks: string[] | null): Promise<void> {
    const reply = await this.auditPress.send('run-preflight', checks === null ? {} : { checks });
    if (!reply?.ok) return;
    // The reply may be here before the state that it has made.
    const word = AUDIT_WORDS.find((one) => one === reply['word']);
    this.say(word === undefined ? t('audit.endedNothing') : t('audit.ended', { word: t(`audit.word.${word}`) }));
  }

  personName(id: string): string {
    return this.state.plan?.people.find((person) => person.id === id)?.name ?? id;
  }

  productName(sku: string): string {
    return this.state.stock[sku]?.name ?? this.state.plan?.products.find((product) => product.sku === sku)?.name ?? sku;
  }

  cueTitle(id: string): string {
    return this.state.cues.list.find((cue) => cue.id === id)?.title ?? id;
  }

  owners(ids: readonly string[]): string {
    return ids.map((id) => this.personName(id)).join(', ');
  }
}

/** The one desk of this page, for every component below App. */
export const [getDesk, setDesk] = createContext<Desk>();
