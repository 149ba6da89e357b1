import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Fault } from './fault-proxy.ts';

/**
 * A laptop of its own on this machine: a network namespace with one link for the stream and another for asking, so that
 * the stream's link can lose every packet without a word (STR-92). Needs root.
 */
export interface Laptop {
  /** words that run a program there */
  inside: string[];
  /** this machine's address on the stream's link, where the ingest listens */
  ingestHost: string;
  /** the laptop's address on the asking link */
  askHost: string;
  set: (fault: Fault) => void;
  stop: () => Promise<void>;
}

const NOBODY = '02:00:00:00:00:99';
let made = 0;

export function makeLaptop(): Laptop {
  made += 1;
  const name = `dd${process.pid % 10_000}${made}`;
  const net = 100 + ((process.pid + made) % 100);
  const [here, there] = [`10.77.${net}.1`, `10.77.${net}.2`];
  const [askHere, askThere] = [`10.78.${net}.1`, `10.78.${net}.2`];
  const within = (...words: string[]): void => ip('netns', 'exec', name, ...words);
  ip('netns', 'add', name);
  link(name, `${name}s`, `${here}/24`, `${there}/24`);
  link(name, `${name}a`, `${askHere}/24`, `${askThere}/24`);
  within('ip', 'link', 'set', 'lo', 'up');
  const hereMac = readFileSync(`/sys/class/net/${name}s/address`, 'utf8').trim();
  const thereMac = macInside(name, 'peer-s');
  const neighbours = (hereSees: string, thereSees: string): void => {
    ip('neigh', 'replace', there, 'lladdr', hereSees, 'nud', 'permanent', 'dev', `${name}s`);
    within('ip', 'neigh', 'replace', here, 'lladdr', thereSees, 'nud', 'permanent', 'dev', 'peer-s');
  };
  return {
    inside: ['/usr/sbin/ip', 'netns', 'exec', name],
    ingestHost: here,
    askHost: askThere,
    set: (fault) => {
      quietly(() => within('tc', 'qdisc', 'del', 'dev', 'peer-s', 'root'));
      if (fault.kind === 'swallow') return neighbours(NOBODY, NOBODY);
      neighbours(thereMac, hereMac);
      if (fault.kind === 'throttle') {
        const rate = `${Math.round(fault.kbps)}kbit`;
        within('tc', 'qdisc', 'add', 'dev', 'peer-s', 'root', 'tbf', 'rate', rate, 'burst', '16kb', 'latency', '400ms');
      }
    },
    stop: () => {
      quietly(() => ip('netns', 'del', name));
      return Promise.resolve();
    },
  };
}

function link(namespace: string, name: string, here: string, there: string): void {
  const peer = `peer-${name.slice(-1)}`;
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', peer, 'netns', namespace);
  ip('addr', 'add', here, 'dev', name);
  ip('link', 'set', name, 'up');
  ip('netns', 'exec', namespace, 'ip', 'addr', 'add', there, 'dev', peer);
  ip('netns', 'exec', namespace, 'ip', 'link', 'set', peer, 'up');
}

function macInside(namespace: string, device: string): string {
  const told: unknown = JSON.parse(
    execFileSync('/usr/sbin/ip', ['-n', namespace, '-j', 'link', 'show', device], { encoding: 'utf8' }),
  );
  const [first] = told as [{ address: string }];
  return first.address;
}

function ip(...words: string[]): void {
  execFileSync('/usr/sbin/ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Takes away what may not be there. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // It was not there.
  }
}
