import type { ProbeTarget } from '../../domain/health/network-side.ts';
import type { ProbeError, Raw } from '../../domain/health/sample.ts';
import type { Measure } from '../doors.ts';
import { isLoopback } from '../net/address.ts';
import { defaultRoute } from '../net/gateway.ts';
import { probeGateway } from '../net/gateway-probe.ts';
import { knock } from '../net/knock.ts';
import { isDnsName, lookUpName } from '../net/name-lookup.ts';
import { Poller, Wire, type WireDoors, middle } from './connector.ts';

const CALM_MS = 5000;
/** A router that has answered so often running is one that answers. */
const TRUSTED_AFTER = 3;
const TROUBLED_MS = 1000;
const IDLE_MS = 30_000;
const DEADLINE_MS = 1000;
const NAMES_MS = 60_000;
const ROUTE_MS = 30_000;

export interface ProbedIngest {
  target: Extract<ProbeTarget, 'ingest' | 'backup'>;
  /** rtmp: also the first step of its handshake; others: connecting only */
  url: URL;
}

/** The computer's own network, as the probe asks about it. */
export interface NetworkOutside {
  defaultRoute: typeof defaultRoute;
  probeGateway: typeof probeGateway;
  lookUpName: typeof lookUpName;
}

export const THIS_COMPUTER: NetworkOutside = { defaultRoute, probeGateway, lookUpName };

type Named = ProbedIngest['target'] | 'edge';
type Mood = 'idle' | 'calm' | 'troubled';

/**
 * Knocks on the doors on the way out: the router, the ingests, the name servers. It never publishes, so it needs no key.
 * Each target has rounds of its own, so one that hangs delays no other. A place that has never answered is left to the
 * audit: its silence says nothing new.
 */
export class NetworkProbe {
  readonly #doors: WireDoors & { measure: Measure };
  readonly #outside: NetworkOutside;
  readonly #edge: string | null;
  readonly #wire: Wire;
  readonly #pollers: Record<ProbeTarget | 'names', Poller>;
  readonly #answered = new Set<string>();
  /** what is wrong now, by target */
  readonly #wrong = new Map<ProbeTarget, string>();
  #targets: ProbedIngest[] = [];
  #mood: Mood = 'idle';
  #route: { route: Awaited<ReturnType<typeof defaultRoute>>; readMs: number } | null = null;
  #gatewayPort: number | null = null;
  /** answers of the router running, until it is one that answers */
  #gatewayAnswers = 0;

  /** @param edge host of the edge, whose name is looked up too; null: no edge */
  constructor(doors: WireDoors & { measure: Measure }, edge: string | null, outside: NetworkOutside) {
    this.#doors = doors;
    this.#outside = outside;
    this.#edge = edge;
    this.#wire = new Wire('network', 'network-probe', doors);
    const rounds = (ask: () => Promise<void>, everyMs: () => number): Poller =>
      new Poller({ ask, everyMs, failed: () => this.#wire.set('down', 'The network could not be probed.') });
    const byMood = (): number => ({ idle: IDLE_MS, calm: CALM_MS, troubled: TROUBLED_MS })[this.#mood];
    this.#pollers = {
      gateway: rounds(() => this.#probeGateway(), byMood),
      ingest: rounds(() => this.#probeIngest('ingest'), byMood),
      backup: rounds(() => this.#probeIngest('backup'), byMood),
      names: rounds(
        () => this.#lookUpNames(),
        () => NAMES_MS,
      ),
    };
  }

  start(): void {
    for (const poller of Object.values(this.#pollers)) poller.start();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#pollers).map((poller) => poller.stop()));
    this.#wire.set('off', 'Not watched.');
  }

  setTargets(targets: ProbedIngest[]): void {
    this.#targets = targets;
    for (const name of ['ingest', 'backup', 'names'] as const) this.#pollers[name].hurry();
  }

  setMood(mood: Mood): void {
    const worse = mood !== this.#mood && mood !== 'idle';
    this.#mood = mood;
    if (worse) for (const name of ['gateway', 'ingest', 'backup'] as const) this.#pollers[name].hurry();
  }

  async #probeIngest(target: ProbedIngest['target']): Promise<void> {
    const url = this.#targets.find((place) => place.target === target)?.url;
    if (url === undefined) return this.#say(target, null);
    const sent = this.#doors.readNow().mono;
    const outcome = await knock(url, this.#doors.ownPorts());
    const name = target === 'ingest' ? 'The ingest' : 'The backup ingest';
    if ('error' in outcome) {
      if (!this.#answered.has(url.host)) return this.#wait();
      return this.#failed(target, outcome.error, `${name} cannot be reached.`);
    }
    // A place that takes connections but has never shaken hands is perhaps no RTMP server: only its door is watched.
    if (outcome.handshakeMs !== undefined) this.#answered.add(`rtmp ${url.host}`);
    const { handshakeError, ...plain } = outcome;
    const counts = handshakeError !== undefined && this.#answered.has(`rtmp ${url.host}`);
    this.#answered.add(url.host);
    const data = { target, ...plain, ...(counts ? { handshakeError } : {}) };
    this.#measured(sent, data);
    this.#say(target, counts ? `${name} takes connections but does not react.` : null);
  }

  /** Many routers answer nobody, or only now and then: their silence says nothing. */
  get #isRouterTrusted(): boolean {
    return this.#gatewayAnswers >= TRUSTED_AFTER;
  }

  async #probeGateway(): Promise<void> {
    // Ingests on this computer are not beyond any router.
    if (this.#targets.length > 0 && this.#targets.every(({ url }) => isLoopback(url.hostname))) return;
    const route = await this.#readRoute();
    // No way out any more is the cable that was pulled; a table that cannot be read says nothing.
    if (route === 'none' && this.#isRouterTrusted) return this.#gatewayFailed('timeout');
    const address = typeof route === 'string' ? null : route.gateway;
    if (address === null) return;
    const sent = this.#doors.readNow().mono;
    const outcome = await this.#outside.probeGateway(address, DEADLINE_MS, this.#gatewayPort);
    if ('error' in outcome) {
      this.#route = null;
      if (this.#isRouterTrusted) this.#gatewayFailed(outcome.error);
      else this.#gatewayAnswers = 0;
      return;
    }
    this.#gatewayAnswers += 1;
    this.#gatewayPort = outcome.port;
    if (!this.#isRouterTrusted) return;
    const data = { target: 'gateway', connectMs: outcome.connectMs };
    this.#measured(sent, data);
    this.#say('gateway', null);
  }

  async #readRoute(): ReturnType<typeof defaultRoute> {
    const now = this.#doors.readNow().mono;
    if (this.#route !== null && now - this.#route.readMs < ROUTE_MS) return this.#route.route;
    const route = await this.#outside.defaultRoute();
    this.#route = typeof route === 'string' ? null : { route, readMs: now };
    return route;
  }

  #gatewayFailed(error: ProbeError): void {
    this.#failed('gateway', error, 'The router next to this computer does not answer.');
  }

  async #lookUpNames(): Promise<void> {
    const hosts = new Map<Named, string>(this.#targets.map(({ target, url }) => [target, url.hostname]));
    if (this.#edge !== null) hosts.set('edge', this.#edge);
    await Promise.all([...hosts].map(([name, host]) => this.#lookUp(name, host)));
  }

  async #lookUp(name: Named, host: string): Promise<void> {
    if (!isDnsName(host)) return;
    const sent = this.#doors.readNow().mono;
    const outcome = await this.#outside.lookUpName(host, DEADLINE_MS);
    const label = { target: 'dns', host: name };
    if ('tookMs' in outcome) {
      this.#answered.add(`name ${host}`);
      this.#measured(sent, { ...label, tookMs: outcome.tookMs });
    } else if (this.#answered.has(`name ${host}`)) {
      const ms = this.#doors.readNow().mono;
      this.#doors.measure({ source: 'network', ms, error: outcome.error, target: 'dns', data: label });
    }
  }

  #measured(sent: number, data: Raw): void {
    this.#doors.measure({ source: 'network', ms: middle(sent, this.#doors.readNow().mono), data });
  }

  #failed(target: ProbeTarget, error: ProbeError, sentence: string): void {
    const ms = this.#doors.readNow().mono;
    this.#doors.measure({ source: 'network', ms, error, target, data: { target } });
    this.#say(target, sentence);
  }

  /** Nothing has answered yet: neither up nor down. */
  #wait(): void {
    if (this.#answered.size === 0) this.#wire.set('connecting', 'The ingest has not answered a probe yet.');
  }

  /** The nearest trouble is told: behind a router that is gone everything is gone. */
  #say(target: ProbeTarget, sentence: string | null): void {
    if (sentence === null) this.#wrong.delete(target);
    else this.#wrong.set(target, sentence);
    const worst = this.#wrong.get('gateway') ?? this.#wrong.get('ingest') ?? this.#wrong.get('backup');
    if (worst !== undefined) this.#wire.set('down', worst);
    else if (this.#answered.size > 0) this.#wire.set('up', 'Connected.');
  }
}
