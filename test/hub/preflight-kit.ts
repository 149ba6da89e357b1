import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_CHECKS } from '../../src/domain/audit/catalogue.ts';
import type { Raw } from '../../src/domain/health/sample.ts';
import { NO_STREAM } from '../../src/domain/plan-upgrade.ts';
import type { StreamPlan } from '../../src/domain/plan.ts';
import type { ShowState } from '../../src/domain/show.ts';
import { makeShow, plan } from '../../src/domain/testing.ts';
import type { ObsDoor } from '../../src/hub/doors.ts';
import { ObsRefused } from '../../src/hub/net/obs-errors.ts';
import type { Finding, Ground, House } from '../../src/hub/preflight/check.ts';
import { checkOf, deadlineOf } from '../../src/hub/preflight/checks.ts';
import { runChecks } from '../../src/hub/preflight/run-checks.ts';

/** What one check stands on in a test; what is not said is harmless. */
export interface Situation {
  stream?: Partial<StreamPlan>;
  settings?: Record<string, unknown>;
  secrets?: Record<string, string>;
  /** answers by request type; others are refused. Null: OBS is not connected */
  obs?: Record<string, Raw | ((ask: Raw | undefined) => Raw)> | null;
  health?: Ground['health'];
  logged?: string[];
  isLive?: boolean;
  house?: Partial<House>;
  show?: ShowState;
}

export function groundOf(situation: Situation, signal = new AbortController().signal): Ground {
  const stream = { ...NO_STREAM, ...situation.stream };
  const show = situation.show ?? makeShow(plan({ stream })).state;
  const house = {
    online: new Set<string>(),
    awake: new Map(),
    freeBytes: 50e9,
    lastSnapshotAt: Date.now(),
    ...situation.house,
  };
  return {
    ...{ show, stream, signal },
    times: { startsAt: null, endsAt: null },
    obs: obsDoor(situation.obs ?? null),
    health: situation.health ?? (() => null),
    setting: (key) => situation.settings?.[key] ?? null,
    readSecret: (name) => situation.secrets?.[name] ?? null,
    saveSecret: () => undefined,
    isLive: situation.isLive ?? false,
    ownPorts: [],
    now: () => ({ at: Date.now(), mono: performance.now(), boot: 'boot-1', t: Date.now() }),
    log: () => undefined,
    logged: () => situation.logged ?? [],
    house: () => house,
    listen: () => () => undefined,
  };
}

/** One check, the way that the runner makes it. */
export async function findingOf(id: string, situation: Situation): Promise<Finding> {
  const check = ALL_CHECKS.find((known) => known.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  const planned = { ...check, make: checkOf(id), deadlineMs: deadlineOf(id, check.test) };
  const secrets = Object.values(situation.secrets ?? {});
  const watch = { onProgress: () => undefined, secrets: () => secrets };
  const [result] = await runChecks([planned], groundOf(situation), watch);
  if (result === undefined) throw new Error(`${id} had no result`);
  return result;
}

export function obsDoor(answers: Situation['obs'] = null): ObsDoor {
  const answer = (type: string, ask: Raw | undefined): Raw => {
    const found = answers?.[type];
    if (found === undefined) throw new ObsRefused(204, 'unknown');
    return typeof found === 'function' ? found(ask) : found;
  };
  return {
    isConnected: () => answers !== null,
    meter: () => () => undefined,
    call: (type, ask) => Promise.resolve().then(() => answer(type, ask)),
    batch: (asks) =>
      Promise.resolve(
        asks.map(({ requestType, requestData }) => {
          try {
            return answer(requestType, requestData);
          } catch {
            return null;
          }
        }),
      ),
  };
}

export interface Certificate {
  key: string;
  cert: string;
}

/** Certificates made now, by an authority of our own: nothing that could expire lies in the repository. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dropdesk-ca-'));
  readonly cert: string;

  constructor(organisation = 'Dropdesk Test') {
    this.#openssl(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -keyout ca.key -out ca.pem',
      ['-subj', `/O=${organisation}/CN=Authority`],
    );
    this.cert = this.read('ca.pem');
  }

  /** @param days from now; negative: it has expired */
  issue(name: string, days: number): Certificate {
    this.#openssl('req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout one.key -out one.csr', [
      '-subj',
      `/CN=${name}`,
    ]);
    writeFileSync(join(this.#folder, 'names'), `subjectAltName=DNS:${name}\n`);
    const [from, to] = [stamp(Date.now() - 30 * 86_400_000), stamp(Date.now() + days * 86_400_000 + 60_000)];
    writeFileSync(join(this.#folder, 'index'), '');
    writeFileSync(join(this.#folder, 'serial'), `${Math.floor(Math.random() * 1e9 + 1e9)}\n`);
    writeFileSync(
      join(this.#folder, 'ca.conf'),
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n',
    );
    this.#openssl(
      `ca -batch -notext -config ca.conf -in one.csr -out one.pem -keyfile ca.key -cert ca.pem -extfile names`,
      ['-startdate', from, '-enddate', to],
    );
    return { key: this.read('one.key'), cert: this.read('one.pem') };
  }

  selfSigned(name: string): Certificate {
    this.#openssl(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -keyout self.key -out self.pem',
      ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
    );
    return { key: this.read('self.key'), cert: this.read('self.pem') };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  #openssl(line: string, more: string[]): void {
    execFileSync('openssl', [...line.split(' '), ...more], { cwd: this.#folder, stdio: 'pipe' });
  }
}

/** openssl's YYYYMMDDHHMMSSZ */
function stamp(at: number): string {
  return `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}
