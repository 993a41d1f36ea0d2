import * as servers from '#controller/openstack/compute/servers.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { storyInBrowser } from '#tests/scenarios/story-in-browser.ts';

storyInBrowser('the sandbox', { makeWorld: sandboxWorld, rename: ({ client }, id, name) => servers.update(client.compute, id, { name }) });
