import type { KindCase } from '../kind-case.ts';

/** Nothing of a server group can be changed, behind our back either. */
export const serverGroupCase: KindCase = {
  kind: 'ServerGroup',
  manifest: 'server-group.yaml',
  object: 'example',
  needs: [],
  mutations: [],
  edits: [],
};
