import { expect, it } from 'vitest';
import { permissions } from '#api/auth/permissions.ts';
import type { PermissionRow } from '../../../data/roles.ts';
import { grouped } from './groups.ts';

it('shows each permission once, under what it is about', () => {
  const rows = Object.entries(permissions).map(([name, sentence]) => ({ name, sentence, roles: [] }) as unknown as PermissionRow);
  const groups = grouped(rows);
  expect(groups.flatMap(([, own]) => own.map(({ name }) => name)).toSorted()).toEqual(Object.keys(permissions).toSorted());
  const of = (group: string) => groups.find(([name]) => name === group)?.[1].map(({ name }) => name);
  expect(of('instance')).toContain('instance.console');
  expect(of('server')).toEqual(['settings.read', 'key.rotate', 'status.change']);
});
