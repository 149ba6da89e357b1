import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { floorAddresses, floorHostFault } from './floor-address.ts';

describe('where the floor may be bound', () => {
  it.each([
    '10.0.0.5',
    '172.16.3.4',
    '172.31.255.1',
    '192.168.1.20',
    '169.254.7.7',
    '100.64.0.1',
    '127.0.0.1',
    '::1',
    'fd00::2',
    'fe80::1',
  ])('%s', (host) => {
    expect(floorHostFault(host)).toBeNull();
  });

  it.each([
    '0.0.0.0',
    '::',
    '0:0:0:0:0:0:0:0',
    '8.8.8.8',
    '172.32.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '2001:db8::1',
    '::ffff:8.8.8.8',
    'localhost',
    'my-laptop.local',
    '192.168.1',
    '',
  ])('never %s', (host) => {
    expect(floorHostFault(host)).not.toBeNull();
  });
});

describe('the address that is picked', () => {
  const at = (address: string, internal = false): NetworkInterfaceInfo =>
    ({
      address,
      internal,
      family: address.includes(':') ? 'IPv6' : 'IPv4',
      netmask: '',
      mac: '',
      cidr: null,
      ...(address.includes(':') ? { scopeid: 0 } : {}),
    }) as NetworkInterfaceInfo;

  it('is the venue network before containers, link-local and IPv6', () => {
    const interfaces = {
      lo: [at('127.0.0.1', true), at('::1', true)],
      docker0: [at('172.17.0.1')],
      eth0: [at('169.254.9.9'), at('fd00::2'), at('fe80::2')],
      wlan0: [at('192.168.1.20')],
      wan0: [at('203.0.113.9')],
    };
    expect(floorAddresses(interfaces)).toEqual(['192.168.1.20', '169.254.9.9', 'fd00::2', '172.17.0.1']);
  });

  it('is none when the computer is in no network', () => {
    expect(floorAddresses({ lo: [at('127.0.0.1', true)] })).toEqual([]);
  });
});
