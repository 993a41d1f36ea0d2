import { describe, expect, it } from 'vitest';
import { real } from '../answers.fixture.ts';
import { groupsAfter, groupsAtBoot, planGroups } from './groups.ts';

const web = { name: 'web', id: 'g1' };
const networks = [{ networkId: 'n', label: 'net' }] as never;
const group = (name: string, project = 'p') => ({ name, project_id: project });

describe('the groups a server boots with', () => {
  it('are those declared', () => {
    expect(groupsAtBoot({ securityGroups: [web], networks }, [group('web'), group('db')])).toEqual([web]);
  });
  it('are none where two groups of the project share a name, for Nova would fail the boot', () => {
    expect(groupsAtBoot({ securityGroups: [web], networks }, [group('web'), group('db'), group('db')])).toEqual([]);
  });
  it('do not mind groups of that name in another project', () => {
    expect(groupsAtBoot({ securityGroups: [web], networks }, [group('default'), group('default', 'q')])).toEqual([web]);
  });
  it('are none for a server without ports', () => {
    expect(groupsAtBoot({ securityGroups: [web], networks: [] }, [group('web')])).toEqual([]);
  });
  it('are none for a server that has only declared ports', () => {
    expect(groupsAtBoot({ securityGroups: [web], networks: [{ label: 'given', portId: 'p' }] }, [group('web')])).toEqual([]);
  });
});

it('are not those of a declared port, which has its own', () => {
  const observed = {
    server: real.server,
    ports: [
      { ...real.port, id: 'made', security_groups: [] },
      { ...real.port, id: 'given', security_groups: ['db'] },
    ],
    volumes: [],
    names: {},
  };
  const desired = {
    securityGroups: [web],
    networks: [
      { label: 'front', networkId: 'n' },
      { label: 'given', portId: 'given' },
    ],
  };
  const steps = planGroups(desired, observed);
  expect(steps.map((step) => step.change)).toEqual([{ path: 'spec.securityGroupRefs[web]', from: null, to: 'web' }]);
  expect(groupsAfter(desired, observed, steps).map(({ port, groups }) => [port.id, groups])).toEqual([['made', ['g1']]]);
});
