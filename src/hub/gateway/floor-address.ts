import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The floor may be reached from the venue's own network and from nowhere else (NET-5). */
const inside = new BlockList();
inside.addSubnet('10.0.0.0', 8);
inside.addSubnet('172.16.0.0', 12);
inside.addSubnet('192.168.0.0', 16);
inside.addSubnet('169.254.0.0', 16);
inside.addSubnet('127.0.0.0', 8);
inside.addSubnet('100.64.0.0', 10);
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addAddress('::1', 'ipv6');

/** @returns a sentence when the floor must not be bound there, else null */
export function floorHostFault(host: string): string | null {
  if (isIP(host) === 0) return `The floor needs a numeric address, not "${host}".`;
  if (host === '0.0.0.0' || /^[0:]+$/.test(host))
    return 'The floor is never bound to every address at once: pick one of this computer.';
  if (!inside.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'))
    return `${host} is a public address: the floor stays inside the venue's network.`;
  return null;
}

/** Interfaces that phones cannot reach: containers, virtual machines, tunnels. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|zt|tailscale|vEthernet)/i;

/**
 * @returns this computer's addresses that the floor may use, the likeliest first: IPv4, because people can type it, then
 *   unique-local IPv6. Link-local IPv6 needs an interface's name in the address, which no phone understands.
 */
export function floorAddresses(interfaces = networkInterfaces()): string[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal, address }) => !internal && floorHostFault(address) === null && !/^fe[89ab]/i.test(address))
      .map(({ family, address }) => ({ address, rank: rankOf(name, family, address) })),
  );
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

function rankOf(name: string, family: string, address: string): number {
  return (VIRTUAL.test(name) ? 4 : 0) + (family === 'IPv6' ? 2 : 0) + (address.startsWith('169.254.') ? 1 : 0);
}
