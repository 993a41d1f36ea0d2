import { describe, expect, it } from 'vitest';
import type { TerminalTarget } from '../data/terminals.ts';
import { firstChoice } from './terminal-choice.ts';

const target = (more: Partial<TerminalTarget> = {}): TerminalTarget => ({
  name: 'web-1',
  powerState: 'running',
  addresses: [{ address: '10.0.0.5', kind: 'fixed', network: 'front' }],
  profiles: [],
  hostKeys: [],
  bastion: null,
  recording: 'text',
  purposes: { ssh: { allowed: true }, serial: { allowed: true }, vnc: { allowed: false, why: 'Cannot be recorded.' } },
  ...more,
});
const profile = { id: 'p1', name: 'Debian', user: 'debian', port: 22, via: 'any', hasKey: true };

describe('the form of a terminal', () => {
  it('begins with the first profile, and with what is possible', () => {
    expect(firstChoice(target({ profiles: [profile] }), undefined)).toEqual({ purpose: 'ssh', signIn: 'ask', profile: 'p1' });
    const noSsh = target({ purposes: { ssh: { allowed: false }, serial: { allowed: true }, vnc: { allowed: true } } });
    expect(firstChoice(noSsh, undefined).purpose).toBe('serial');
  });

  it('begins as it was left, but for what is no more', () => {
    const last = { purpose: 'ssh', signIn: 'key', profile: 'gone', address: '10.0.0.9', user: 'root', port: 2222 } as const;
    expect(firstChoice(target(), last)).toEqual({ purpose: 'ssh', signIn: 'key', user: 'root', port: 2222 });
    expect(firstChoice(target(), { ...last, address: '10.0.0.5' })).toMatchObject({ address: '10.0.0.5' });
    expect(firstChoice(target(), { purpose: 'vnc', signIn: 'ask' }).purpose).toBe('ssh');
  });
});
