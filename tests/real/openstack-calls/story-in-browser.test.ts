import { openstackClient } from '#tests/parts/openstack-client.ts';
import { storyInBrowser } from '#tests/scenarios/story-in-browser.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

storyInBrowser('the real OpenStack', {
  makeWorld: openstackWorld,
  rename: ({ clientArgs }, id, name) => openstackClient(...clientArgs, 'server', 'set', '--name', name, id),
});
