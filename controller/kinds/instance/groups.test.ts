import { describe, expect, it } from 'vitest';
import { groupsAtBoot } from './groups.ts';

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
});
