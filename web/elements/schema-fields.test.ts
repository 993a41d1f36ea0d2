import { describe, expect, it } from 'vitest';
import { actions } from '#controller/actions/index.ts';
import type { InputSchema } from '../data/actions.ts';
import { changedInput, faultsOf, fieldsOf } from './schema-fields.ts';

const inputOf = (name: string) => actions.find((action) => action.name === name)?.input as InputSchema;

describe('the fields of a form', () => {
  it('are filled in by what they are, what has to be given first', () => {
    const kinds = (name: string) => fieldsOf(inputOf(name)).map((field) => [field.name, field.kind]);
    expect(kinds('instance.resize')).toEqual([
      ['flavorId', 'resource'],
      ['confirm', 'flag'],
    ]);
    expect(kinds('instance.rescue')).toEqual([
      ['password', 'password'],
      ['imageId', 'resource'],
    ]);
    expect(kinds('instance.setMetadata')).toEqual([['metadata', 'entries']]);
    expect(kinds('instance.setTags')).toEqual([['tags', 'texts']]);
    expect(Object.fromEntries(kinds('port.edit'))).toMatchObject({
      fixedIPs: 'objects',
      securityGroupIds: 'resources',
      adminStateUp: 'flag',
    });
    expect(Object.fromEntries(kinds('securityGroup.addRule'))).toMatchObject({ direction: 'choice', portRangeMin: 'number' });
    expect(Object.fromEntries(kinds('keyPair.import'))).toMatchObject({ publicKey: 'lines' });
  });

  it('name a type of resource where they hold the id of one', () => {
    const [flavor] = fieldsOf(inputOf('instance.resize'));
    expect(flavor?.names).toEqual({ type: 'flavor', by: 'id' });
    expect(fieldsOf(inputOf('volume.retype'))[0]?.names).toEqual({ type: 'volume_type', by: 'name' });
  });
});

describe('what is filled in', () => {
  const rule = inputOf('securityGroup.addRule');

  it('says of each field what is wrong with it', () => {
    expect([...faultsOf(rule, {})]).toEqual([['direction', { fault: 'missing' }]]);
    expect([...faultsOf(rule, { direction: 'ingress', portRangeMin: 70_000 })]).toEqual([
      ['portRangeMin', { fault: 'tooLarge', at: 65_535 }],
    ]);
    expect([...faultsOf(rule, { direction: 'ingress', portRangeMin: 1.5 })]).toEqual([['portRangeMin', { fault: 'notWhole' }]]);
    expect([...faultsOf(rule, { direction: 'ingress', remoteIPPrefix: 'everybody' })]).toEqual([['remoteIPPrefix', { fault: 'badForm' }]]);
    expect(faultsOf(rule, { direction: 'ingress', remoteIPPrefix: '10.0.0.0/8' }).size).toBe(0);
    expect([...faultsOf(inputOf('instance.rescue'), { password: 'short' })]).toEqual([['password', { fault: 'tooShort', at: 8 }]]);
  });

  it('is wrong where a part of it is', () => {
    const pools = inputOf('subnet.edit');
    expect([...faultsOf(pools, { allocationPools: [{ start: '10.0.0.2' }] })]).toEqual([['allocationPools', { fault: 'missing' }]]);
  });

  it('is sent without what stays as it is', () => {
    const edit = inputOf('port.edit');
    const current = { name: 'a', tags: ['x'], adminStateUp: true };
    expect(changedInput(edit, { name: 'b', tags: ['x'], adminStateUp: true }, current)).toEqual({ name: 'b' });
    expect(changedInput(inputOf('instance.setTags'), { tags: ['x'] }, { tags: ['x'] })).toEqual({ tags: ['x'] });
  });

  it('takes keys away that were taken out of a map', () => {
    const metadata = inputOf('instance.setMetadata');
    const current = { metadata: { keep: '1', change: '2', drop: '3' } };
    const input = changedInput(metadata, { metadata: { keep: '1', change: 'two', add: '4' } }, current);
    expect(input).toEqual({ metadata: { change: 'two', add: '4', drop: null } });
  });
});
