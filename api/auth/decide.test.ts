import { describe, expect, it } from 'vitest';
import { decide, decideAnywhere, everywhere } from './decide.ts';
import type { Grant, Identity } from './identity.ts';
import { type BuiltInRole, rolePermissions } from './permissions.ts';

const grant = (role: BuiltInRole, cluster = '*', namespace = '*'): Grant => ({
  role,
  permissions: new Set(rolePermissions[role]),
  cluster,
  namespace,
});
const anna = (...grants: Grant[]): Identity => ({ user: 'anna', groups: [], grants, how: 'token' });

describe('what a grant reaches', () => {
  it('is everything, where it has no limit', () => {
    expect(decide(anna(grant('viewer')), 'instance.read', { cluster: 'main', namespace: 'shop' }).allowed).toBe(true);
    expect(decide(anna(grant('viewer')), 'instance.read', everywhere).allowed).toBe(true);
  });

  it('ends at its cluster and its namespace', () => {
    const identity = anna(grant('operator', 'main', 'shop'));
    expect(decide(identity, 'instance.operate', { cluster: 'main', namespace: 'shop' }).allowed).toBe(true);
    for (const place of [
      { cluster: 'other', namespace: 'shop' },
      { cluster: 'main', namespace: 'blog' },
      { cluster: 'main', namespace: '*' },
      { cluster: '*', namespace: 'shop' },
      everywhere,
    ])
      expect(decide(identity, 'instance.operate', place).allowed, JSON.stringify(place)).toBe(false);
  });

  it('is a list of what is there, for a list', () => {
    expect(decideAnywhere(anna(grant('viewer', 'main')), 'volume.read').allowed).toBe(true);
    expect(decideAnywhere(anna(grant('viewer', 'main')), 'volume.delete').allowed).toBe(false);
  });

  it('is never put together from two grants', () => {
    const identity = anna(grant('admin', 'a'), grant('viewer'));
    expect(decide(identity, 'volume.delete', { cluster: 'b', namespace: 'x' }).allowed).toBe(false);
  });

  it('is nothing without a grant', () => {
    expect(decide(anna(), 'instance.read', everywhere)).toMatchObject({ allowed: false, reason: expect.stringContaining('no role') });
  });
});

describe('a refusal', () => {
  it('names who, with what roles, may not do what where, and which roles may', () => {
    const decision = decide(anna(grant('viewer', 'main')), 'volume.delete', { cluster: 'main', namespace: 'shop' });
    expect(decision).toMatchObject({
      allowed: false,
      permission: 'volume.delete',
      reason:
        'anna (viewer in cluster main) may not delete volumes in cluster main in namespace shop: permission volume.delete, which admin, super_admin have.',
    });
  });
});

describe('the built-in roles', () => {
  it('each may all that the one before it may', () => {
    const { viewer, operator, admin, super_admin: root } = rolePermissions;
    expect(operator).toEqual(expect.arrayContaining([...viewer]));
    expect(admin).toEqual(expect.arrayContaining([...operator]));
    expect(root).toEqual(expect.arrayContaining([...admin]));
  });

  it('keep secrets, consoles and terminals from viewers', () => {
    const kept = ['secret.read', 'instance.console', 'instance.terminal', 'audit.read', 'user.read'] as const;
    for (const permission of kept) expect(rolePermissions.viewer).not.toContain(permission);
  });

  it('keep roles, keys and the length of the audit for super_admin', () => {
    const kept = ['role.change', 'key.rotate', 'audit.retain', 'status.change'] as const;
    for (const permission of kept) expect(rolePermissions.admin).not.toContain(permission);
  });
});
