import { describe, expect, it } from 'vitest';
import { proxyAddress } from './proxy-address.ts';

describe('the address of a console', () => {
  it.each([
    ['serial', 'ws://cloud.example:6083/?token=abc', 'ws://cloud.example:6083/?token=abc', 'http://cloud.example:6083'],
    ['serial', 'wss://cloud.example/serial/?token=abc', 'wss://cloud.example/serial/?token=abc', 'https://cloud.example'],
    ['serial', 'ws://[fd00::5]:6083/?token=abc', 'ws://[fd00::5]:6083/?token=abc', 'http://[fd00::5]:6083'],
    ['novnc', 'http://10.0.0.5:6080/vnc_auto.html?path=%3Ftoken%3Dabc', 'ws://10.0.0.5:6080/?token=abc', 'http://10.0.0.5:6080'],
    ['novnc', 'https://c.example/novnc/vnc_lite.html?path=%3Ftoken%3Dabc', 'wss://c.example/novnc/?token=abc', 'https://c.example'],
    [
      'novnc',
      'https://c.example/vnc_lite.html?autoconnect=1&path=websockify%3Ftoken%3Dabc',
      'wss://c.example/websockify?token=abc',
      'https://c.example',
    ],
    ['novnc', 'https://c.example/a/vnc.html?path=%2Fb%2Fws%3Ftoken%3Dabc', 'wss://c.example/b/ws?token=abc', 'https://c.example'],
    // As Nova wrote it before Rocky.
    ['novnc', 'http://c.example:6080/vnc_auto.html?token=abc', 'ws://c.example:6080/websockify?token=abc', 'http://c.example:6080'],
  ] as const)('leads from %s %s to %s with Origin %s', (type, address, url, origin) => {
    const found = proxyAddress(address, type);
    expect([found?.url.reveal(), found?.origin]).toEqual([url, origin]);
  });

  it.each([
    ['serial', 'ws://cloud.example:6083/'],
    ['serial', 'file:///etc/passwd?token=abc'],
    ['serial', 'ws+unix:///run/socket?token=abc'],
    ['novnc', 'http://c.example/vnc_auto.html?path=websockify'],
    ['novnc', 'http://c.example/vnc_auto.html'],
  ] as const)('is none of Nova in %s %s', (type, address) => expect(proxyAddress(address, type)).toBeUndefined());

  it('leads to no other host, whatever its path says', () => {
    for (const path of [
      '//evil.example/?token=a',
      'http://evil.example/?token=a',
      '\\\\evil.example/?token=a',
      '/\\evil.example/?token=a',
    ]) {
      const found = proxyAddress(`http://c.example/vnc.html?path=${encodeURIComponent(path)}`, 'novnc');
      expect(found && new URL(found.url.reveal()).host).toSatisfy((host) => host === undefined || host === 'c.example');
    }
  });

  it('does not show its token', () => {
    const found = proxyAddress('ws://cloud.example:6083/?token=abcdef', 'serial');
    expect(JSON.stringify(found)).not.toContain('abcdef');
    expect(found?.host).toBe('cloud.example:6083');
  });
});
