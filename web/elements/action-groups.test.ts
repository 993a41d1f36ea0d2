import { describe, expect, it } from 'vitest';
import { actions } from '#controller/actions/index.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { columnsOf } from '#controller/lists/columns.ts';
import { parseFilter } from '#controller/lists/filter.ts';
import type { ActionOffer, InputSchema } from '../data/actions.ts';
import { filtersOf, groupActions, oppositeOf, tellsSecret } from './action-groups.ts';
import { fieldsOf } from './schema-fields.ts';

const offers = (type: string) => actions.filter((one) => one.type === type && one.target === 'one') as unknown as readonly ActionOffer[];

describe('the groups of actions', () => {
  it('hold every action of every type once, with what removes things last and alone', () => {
    for (const type of new Set(actions.map((one) => one.type))) {
      const groups = groupActions(offers(type));
      expect(groups.flatMap(([, own]) => own.map(({ name }) => name)).toSorted()).toEqual(
        offers(type)
          .map(({ name }) => name)
          .toSorted(),
      );
      const last = groups.at(-1);
      if (last?.[0] === 'remove') expect(last[1]).toHaveLength(1);
    }
    expect(groupActions(offers('server')).map(([group]) => group)).toEqual([
      'power',
      'change',
      'access',
      'storage',
      'network',
      'move',
      'remove',
    ]);
  });
});

describe('what takes an action back', () => {
  const known = new Set(actions.map(({ name }) => name));

  it('is its opposite, with what both are about', () => {
    expect(oppositeOf({ action: 'instance.stop', input: {} })).toEqual({ action: 'instance.start', input: {} });
    expect(oppositeOf({ action: 'instance.attachVolume', input: { volumeId: 'v', device: '/dev/vdb' } })).toEqual({
      action: 'instance.detachVolume',
      input: { volumeId: 'v' },
    });
    expect(oppositeOf({ action: 'instance.rename', input: { name: 'b' } }, { name: 'a' })).toEqual({
      action: 'instance.rename',
      input: { name: 'a' },
    });
  });

  it('is nothing where nothing does, or it is not known any more', () => {
    for (const action of ['instance.delete', 'instance.rebuild', 'instance.hardReboot', 'volume.extend']) {
      expect(oppositeOf({ action, input: {} })).toBeUndefined();
    }
    expect(oppositeOf({ action: 'volume.detach', input: {} })).toBeUndefined();
  });

  it('is an action there is', () => {
    for (const { name } of actions) {
      const back = oppositeOf({ action: name, input: { serverId: 's' } });
      if (back) expect(known).toContain(back.action);
    }
  });
});

it('what is told once is told by actions that may make it', () => {
  for (const { name, input } of actions) {
    const makes = fieldsOf(input).some(({ kind }) => kind === 'password');
    expect(tellsSecret(name), name).toBe(makes);
  }
});

it('filters of what is offered are ones that lists take', () => {
  for (const { name, input } of actions) {
    const fields = new Map(fieldsOf(input as InputSchema).map((field) => [field.name, field]));
    for (const [field, filter] of Object.entries(filtersOf(name, 'a "b" c'))) {
      const type = fields.get(field)?.names?.type as ResourceType;
      expect(columnsOf(type)?.size, `${name} ${field}`).toBeGreaterThan(0);
      expect(parseFilter(type, filter, 0)).toBeDefined();
    }
  }
});
