import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { shopOnMariadb } from '#tests/scenarios/shop-on-mariadb.ts';

shopOnMariadb('the sandbox', sandboxWorld);
