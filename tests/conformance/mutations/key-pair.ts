import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import type { KindCase } from '../kind-case.ts';

const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL1IpktTf8kJj9kzCxgTZ4mvL7ZEaMTeiz9fe5qgdMqz other@example';

export const keyPairCase: KindCase = {
  kind: 'KeyPair',
  manifest: 'key-pair.yaml',
  object: 'example',
  needs: [],
  mutations: [
    {
      name: 'is exchanged for another key of the same name',
      async change(cloud, id) {
        await keypairs.remove(cloud.compute, id);
        await keypairs.create(cloud.compute, { name: id, public_key: OTHER_KEY });
      },
      path: 'spec.publicKey',
      observed: OTHER_KEY,
      needsReplace: true,
    },
  ],
  edits: [],
};
