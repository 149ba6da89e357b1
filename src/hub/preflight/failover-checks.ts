import { isConfigured } from '../../domain/health/state.ts';
import { checkedAddress } from '../net/address.ts';
import { connectRtmp } from '../net/rtmp-connect.ts';
import { type Check, type Finding, fails, passed, skips, unknowable, warns } from './check.ts';
import { backupIngest, primaryIngest } from './places.ts';

const ANOTHER = 'Add a backup ingest at another provider.';

/** fail-1: a backup ingest that lets us in, at another address and in another network. */
export const backupCheck: Check = async (ground) => {
  const backup = backupIngest(ground.stream);
  if (backup === null) {
    const isPlanned = ground.stream.backupIngest !== null;
    return fails(isPlanned ? 'The backup’s address is no RTMP address.' : 'No backup ingest is planned.', ANOTHER);
  }
  const { ownPorts } = ground;
  const primary = await primaryIngest(ground);
  const [answer, ...ips] = await Promise.all([
    connectRtmp(backup.url, backup.application, { deadlineMs: 4000, ownPorts }),
    ...[backup.url, ...(typeof primary === 'string' ? [] : [primary.url])].map(async (url) =>
      checkedAddress(url, ownPorts).then(
        ({ ip }) => ip,
        () => null,
      ),
    ),
  ]);
  if ('failed' in answer)
    return fails(`The backup does not let us in. ${answer.reason}`, 'Check its address and application name.');
  return networksFinding(ips[1] ?? null, ips[0] ?? null);
};

/** @param primary null: where the stream goes to is not known */
export function networksFinding(primary: string | null, backup: string | null): Finding {
  if (backup === null || primary === null)
    return warns(
      'The backup lets us in; where the stream goes to is not known, so they cannot be compared.',
      'Start OBS and run this again.',
    );
  if (primary === backup) return fails('The backup lets us in, at the same address as the first.', ANOTHER);
  if (networkOf(primary) === networkOf(backup))
    return warns('The backup lets us in, next door to the first (same network).', ANOTHER);
  return passed('The backup lets us in, in another network.');
}

/** The /24 of an IPv4 address, the /48 of an IPv6 one. */
function networkOf(ip: string): string {
  return ip.includes(':') ? ip.split(':').slice(0, 3).join(':') : ip.split('.').slice(0, 3).join('.');
}

const FRESH_MS = 8000;

/** fail-3: somebody publishes under our name while our OBS does not. */
export const otherEncoderCheck: Check = (ground) => {
  const health = ground.health();
  if (health === null || !isConfigured(health, 'rtmp')) return Promise.resolve(skips('No statistics page is planned.'));
  const { contact, absentRunning, newest } = health.ingest;
  if (contact.lastMs === null || ground.now().mono - contact.lastMs > FRESH_MS)
    return Promise.resolve(
      unknowable('The statistics page does not answer.', 'Start the streaming server and run this again.'),
    );
  if (absentRunning > 0 || newest === null) return Promise.resolve(passed('Nobody publishes under our name.'));
  if (!isConfigured(health, 'obs')) return Promise.resolve(skips('OBS is not planned: who publishes cannot be told.'));
  if (health.obs.active === null)
    return Promise.resolve(unknowable('Somebody publishes, and OBS does not say whether it is us.', 'Start OBS.'));
  if (health.obs.active) return Promise.resolve(passed('OBS publishes, and nobody else is listed.'));
  return Promise.resolve(fails('Somebody publishes under our name, and it is not OBS.', 'Stop the other encoder.'));
};

/** fail-7: who is called, who confirms, and how failover is armed. */
export const runbookCheck: Check = ({ setting, show }) => {
  const isSet = (key: string): boolean => {
    const value = setting(key);
    return typeof value === 'string' && value !== '';
  };
  const named = [
    ['a contact', isSet('failover.contact')],
    ['who confirms', isSet('failover.confirms')],
    ['a mode', show.failover.armedBy !== null],
  ] as const;
  const [has, lacks] = [true, false].map((wanted) => named.filter(([, is]) => is === wanted).map(([what]) => what));
  if (lacks?.length === 0)
    return Promise.resolve(passed(`Set: ${has?.join(', ')}; the mode is ${show.failover.mode}.`));
  const evidence = `Not chosen yet: ${lacks?.join(', ')}.`;
  const fix = 'Choose who confirms, whom to call, and a mode.';
  return Promise.resolve(has?.length === 0 ? fails(evidence, fix) : warns(evidence, fix));
};
