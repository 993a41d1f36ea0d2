import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { parse, stringify } from 'yaml';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { openBrowser, type Page, screenshot, signIn, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import type { World } from './world.ts';

/** What differs from cloud to cloud. */
export interface Story {
  readonly makeWorld: () => Promise<World>;
  /** Renames an instance past us. */
  readonly rename: (world: World, id: string, name: string) => Promise<unknown>;
}

/** The first hour of a new operator, told in a browser: from an empty Stackwarden to a drift that was seen, put right and found in the audit. */
export function storyInBrowser(where: string, story: Story): void {
  describe(`a new operator on ${where}`, () => {
    let world: World;
    let stackwarden: Stackwarden;
    let browser: TestBrowser;
    let page: Page;
    beforeAll(async () => {
      [world, stackwarden, browser] = await Promise.all([story.makeWorld(), startStackwarden({ args: ['--no-sandbox'] }), openBrowser()]);
      await furnish(world);
      page = await browser.newPerson(stackwarden.url);
    });
    afterAll(async () => {
      await browser?.close();
      await stackwarden?.stop();
      if (world) await clear(world);
      await world?.close();
    });

    it('signs in', async () => {
      await visit(page, '/');
      await signIn(page, { username: 'admin', password: readFileSync(join(stackwarden.dataDir, 'admin-password'), 'utf8').trim() });
      await screenshot(page, `story-${world.name}-1-signed-in`);
    });

    it('adds a cloud by pasting its clouds.yaml, and tries it first', async () => {
      await page.getByRole('link', { name: 'Clusters' }).click();
      await page
        .getByRole('link', { name: 'Add a cloud' })
        .or(page.getByRole('button', { name: 'Add a cloud' }))
        .first()
        .click();
      await page.getByRole('textbox', { name: 'clouds.yaml' }).fill(named(world));
      await page.getByRole('textbox', { name: 'Name of the cluster' }).fill('main');
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await page.getByText('The connection works.').waitFor();
      await screenshot(page, `story-${world.name}-2-tested`);
      await page.getByRole('button', { name: 'Add the cloud' }).click();
      await page.getByText('main is being connected').first().waitFor();
    });
  });
}

/** The clouds.yaml that is pasted. */
function named({ cloudsYaml, cloud }: World): string {
  const { clouds } = parse(cloudsYaml) as { clouds: Record<string, unknown> };
  return stringify({ clouds: { [cloud]: clouds[cloud] } });
}

/** What was there before us: a network, and an instance on it. */
async function furnish({ client }: World): Promise<void> {
  const network = await networks.create(client.network, { name: 'office' });
  await subnets.create(client.network, { network_id: network.id, ip_version: 4, cidr: '10.77.0.0/24', name: 'office-v4' });
  const [imageRef, flavorRef] = [await idOf(images.list(client.image), 'cirros'), await idOf(flavors.list(client.compute), 'm1.tiny')];
  await servers.create(client.compute, { name: 'old-timer', imageRef, flavorRef, networks: [{ uuid: network.id }] });
}

async function idOf(
  pages: AsyncIterable<readonly { readonly id: string; readonly name?: string | null }[]>,
  name: string,
): Promise<string> {
  for await (const page of pages) for (const one of page) if (one.name === name) return one.id;
  throw new Error(`the cloud has no ${name}`);
}

/** Leaves the project as empty as it was. */
async function clear({ client }: World): Promise<void> {
  const left = async () => {
    const found: string[] = [];
    for await (const page of servers.list(client.compute)) found.push(...page.map(({ id }) => id));
    return found;
  };
  for (const id of await left()) await servers.remove(client.compute, id);
  while ((await left()).length > 0) await new Promise((done) => setTimeout(done, 500));
  for await (const page of networks.list(client.network))
    for (const { id, name } of page) if (name === 'office') await networks.remove(client.network, id);
}
