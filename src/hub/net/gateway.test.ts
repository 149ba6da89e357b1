import { expect, it } from 'vitest';
import { routeOfLinux, routeOfNetstat, routeOfWindows } from './gateway.ts';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

it('reads the table of Linux: the way out with the lowest metric that is up', () => {
  const wifi = 'wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n';
  const wired = 'eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n';
  const down = 'eth1\t00000000\t0102A8C0\t0002\t0\t0\t10\t00000000\t0\t0\t0\n';
  const venue = 'eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n';
  expect(routeOfLinux(HEAD + wifi + down + wired + venue)).toEqual({ gateway: '192.168.1.254', link: 'eth0' });
  expect(routeOfLinux(HEAD + venue)).toBeNull();
  expect(routeOfLinux(`${HEAD}tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0\n`)).toEqual({
    gateway: null,
    link: 'tun0',
  });
});

it('reads the table of macOS', () => {
  const table = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
default            link#22            UCSIg           bridge100      !
127                127.0.0.1          UCS                   lo0
192.168.1          link#11            UCS                   en0      !
`;
  expect(routeOfNetstat(table)).toEqual({ gateway: '192.168.1.1', link: 'en0' });
  expect(routeOfNetstat('Internet:\n127  127.0.0.1  UCS  lo0\n')).toBeNull();
});

it('reads the table of Windows in any language', () => {
  const table = `===========================================================================
IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.0.1     192.168.0.23     55\r
          0.0.0.0          0.0.0.0   10.0.0.1         10.0.0.7     25\r
===========================================================================
St\u00e4ndige Routen:
  Keine
`;
  expect(routeOfWindows(table)).toEqual({ gateway: '10.0.0.1', link: '10.0.0.7' });
  const tunnel = '          0.0.0.0          0.0.0.0      On-link      10.8.0.2     5\n';
  expect(routeOfWindows(tunnel)).toEqual({ gateway: null, link: '10.8.0.2' });
  expect(routeOfWindows('nothing')).toBeNull();
});
