import { shopOnMariadb } from '#tests/scenarios/shop-on-mariadb.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

shopOnMariadb('the real OpenStack', openstackWorld);
