import { joinedDevices } from '../../domain/devices.ts';
import type { ShowState } from '../../domain/show.ts';
import { MINUTE } from '../../domain/units.ts';
import { type Check, type Finding, type Ground, type House, fails, passed, skips, unknowable, warns } from './check.ts';
import { listed } from './places.ts';

/** A check that only looks at what the hub knows already. */
const looking =
  (look: (ground: Ground) => Finding): Check =>
  (ground) =>
    Promise.resolve(look(ground));

export const tillsCheck = looking(({ show, house }) => tillsFinding(show, house()));
export const ownersCheck = looking(({ show, house }) => ownersFinding(show, house()));
export const screensCheck = looking(({ show, house }) => screensFinding(show, house()));
export const goodsCheck = looking(({ show }) => goodsFinding(show));
export const safetyCopyCheck = looking(({ house, now }) => copyFinding(house().lastSnapshotAt, now().at));
export const diskCheck = looking(({ house }) => diskFinding(house().freeBytes));

/** sound-1: the alarm was heard once, or it was chosen to stay off. */
export const soundCheck = looking(({ setting }) => {
  if (setting('sound.muted') === true) return passed('Sound stays off, as chosen.');
  return setting('sound.checked') === true
    ? passed('The alarm was heard.')
    : warns('The alarm sound was not tried.', 'Play it once, or choose that it stays off.');
});

/** floor-1: every planned till is online. */
export function tillsFinding(show: ShowState, { online }: House): Finding {
  const tills = show.plan?.tills ?? [];
  if (tills.length === 0) return skips('No till is planned.');
  const here = joinedDevices(show.devices).filter(({ id }) => online.has(id));
  const away = tills.filter(({ id }) => !here.some(({ till }) => till === id)).map(({ name }) => name);
  return away.length === 0
    ? passed(`${tills.length} of ${tills.length} tills are online.`)
    : fails(`Not online: ${listed(away)}.`, 'Open the till’s page on its tablet, or invite it again.');
}

/** floor-2: everybody who owns a cue has a device. */
export function ownersFinding(show: ShowState, { online }: House): Finding {
  const owners = new Set((show.plan?.cues ?? []).flatMap((cue) => cue.owners));
  if (owners.size === 0) return skips('No cue has an owner.');
  const joined = joinedDevices(show.devices);
  const without = [...owners].filter((person) => !joined.some((device) => device.person === person));
  const nameOf = (id: string): string => show.plan?.people.find((person) => person.id === id)?.name ?? id;
  const fix = 'Invite their phones.';
  if (without.length > 0) return fails(`Without a device: ${listed(without.map(nameOf))}.`, fix);
  const away = [...owners].filter(
    (person) => !joined.some((device) => device.person === person && online.has(device.id)),
  );
  return away.length > 0
    ? warns(`Joined, and not online now: ${listed(away.map(nameOf))}.`, 'Ask them to open their page.')
    : passed(`${owners.size} of ${owners.size} are online.`);
}

/** Only what is known to keep a screen on counts (CUE-52). */
const STAYS_ON = new Set(['held', 'proven']);

/** floor-3: screens that stay on. */
export function screensFinding(show: ShowState, { online, awake }: House): Finding {
  const screens = joinedDevices(show.devices).filter(({ id }) => online.has(id));
  if (screens.length === 0) return skips('No device is online.');
  const unsure = screens.filter(({ id }) => !STAYS_ON.has(awake.get(id) ?? '')).map(({ name }) => name);
  return unsure.length === 0
    ? passed(`${screens.length} screens stay on.`)
    : warns(`May sleep: ${listed(unsure)}.`, 'Set Auto-Lock to Never on these.');
}

/** stock-1: every product has a price and something in reserve. */
export function goodsFinding(show: ShowState): Finding {
  const products = show.plan?.products ?? [];
  if (products.length === 0) return skips('No product is planned.');
  const unpriced = products.filter(({ priceMinor }) => priceMinor <= 0).map(({ name }) => name);
  if (unpriced.length > 0) return fails(`Without a price: ${listed(unpriced)}.`, 'Set their prices in the plan.');
  const bare = products.filter(({ reserve }) => reserve <= 0).map(({ name }) => name);
  return bare.length > 0
    ? warns(`Nothing set aside: ${listed(bare)}.`, 'Set their reserve in the plan.')
    : passed(`Set aside and priced: ${products.length} of ${products.length} products.`);
}

/** store-1: a copy is only kept once it was read back and verified, so that it is there is enough (SNP-2). */
export function copyFinding(lastAt: number | null, now: number): Finding {
  if (lastAt === null)
    return unknowable('No safety copy was written yet.', 'Wait five minutes, or change something, and run this again.');
  return passed(`Written and verified ${Math.max(0, Math.round((now - lastAt) / MINUTE))} min ago.`);
}

/** store-2: room for the show itself. */
export function diskFinding(freeBytes: number | null): Finding {
  if (freeBytes === null) return unknowable('This disk does not say how much is free.');
  const free = `${(freeBytes / 1e9).toFixed(1)} GB free.`;
  if (freeBytes >= 5e9) return passed(free);
  return freeBytes >= 1e9 ? warns(free, 'Free 5 GB.') : fails(free, 'Free 5 GB.');
}
