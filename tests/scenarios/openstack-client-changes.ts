import { openstackClient, openstackCommands } from '#tests/parts/openstack-client.ts';
import type { IdOf, Step } from './behind-our-back/step.ts';
import type { CloudContents } from './contents.ts';
import type { Ids, OutsideChange } from './outside-changes.ts';
import type { World } from './world.ts';

/** Makes an outside change with the stock `openstack` client. */
export async function changeWithClient(change: OutsideChange, world: World, ids: Ids): Promise<void> {
  for (const command of change.cli(ids)) await openstackClient(...world.clientArgs, ...command);
}

/**
 * Carries out steps that do not need each other with one process of the stock `openstack` client; the ids of what they made, '' for those
 * that made nothing. A key pair's is its name, and its answer a secret.
 */
export async function makeWithClient(steps: readonly Step[], world: World, id: IdOf): Promise<string[]> {
  const answers = await openstackCommands(
    world.clientArgs,
    steps.map((step) => step.cli(id)),
  );
  return steps.map(({ makes }, index) => {
    if (makes === undefined) return '';
    if (makes.startsWith('KeyPair/')) return makes.slice('KeyPair/'.length);
    const answer = answers[index]?.trim() ?? '';
    if (/^[0-9a-f-]{36}$/.test(answer)) return answer;
    throw new Error(`openstack ${steps[index]?.cli(id).join(' ')} gave no id but ${JSON.stringify(answer)}`);
  });
}

/** Rows of ours that the `openstack` client, which knows nothing of our code, shows otherwise: names, sizes, states, fingerprints. */
export async function secondOpinion(world: World, contents: CloudContents): Promise<string[]> {
  const rows = async (...command: string[]) =>
    JSON.parse(await openstackClient(...world.clientArgs, ...command, '-f', 'json')) as Record<string, string | number>[];
  const seen = [
    ...(await rows('server', 'list')).map((row) => `server ${row['ID']} ${row['Name']} ${row['Status']}`),
    ...(await rows('volume', 'list')).map((row) => `volume ${row['ID']} ${row['Name']} ${row['Size']} ${row['Status']}`),
    ...(await rows('subnet', 'list')).map((row) => `subnet ${row['ID']} ${row['Name']} ${row['Subnet']}`),
    ...(await rows('keypair', 'list')).map((row) => `keypair ${row['Name']} ${row['Fingerprint']}`),
  ];
  const ours = [
    ...contents.servers.map((row) => `server ${row.id} ${row.name} ${row.status}`),
    ...contents.volumes.map((row) => `volume ${row.id} ${row.name} ${row.size} ${row.status}`),
    ...contents.subnets.map((row) => `subnet ${row.id} ${row.name} ${row.cidr}`),
    ...contents.keypairs.map((row) => `keypair ${row.name} ${row.fingerprint}`),
  ];
  return ours.filter((row) => !seen.includes(row));
}
