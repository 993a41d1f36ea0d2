import type { JsonSchema } from '#controller/engine/json.ts';
import type { Recovery } from '#controller/engine/kind.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { parseDuration } from '../duration.ts';

/** What to do about a server in ERROR, as it is declared. */
export type OnError = { readonly action: 'Observe' | 'Rebuild' | 'Recreate'; readonly attempts?: number; readonly cooldown?: string };

const ATTEMPTS = 3;
const COOLDOWN = '5m';

export const onErrorSchema: JsonSchema = {
  type: 'object',
  description: 'What to do when the cloud reports ERROR. Not declared: Observe.',
  required: ['action'],
  properties: {
    action: {
      type: 'string',
      enum: ['Observe', 'Rebuild', 'Recreate'],
      description:
        'Observe says so and waits for a person. Rebuild makes the local disk anew from its image and keeps id and addresses; a server that never ran has neither, and is recreated. Recreate deletes the server and makes another. Both lose what is on the local disk.',
    },
    attempts: { type: 'integer', minimum: 1, maximum: 100, description: `How often, until a person is needed. Default: ${ATTEMPTS}.` },
    cooldown: {
      type: 'string',
      pattern: '^([0-9]+(ms|s|m|h))+$',
      maxLength: 32,
      description: `Time between two attempts, as 90s or 10m. Default: ${COOLDOWN}.`,
    },
  },
};

/** The declared way out of ERROR; undefined when that is left to a person. */
export function recoveryOf(onError: OnError | undefined, server: Server): Recovery | undefined {
  const { action = 'Observe', attempts = ATTEMPTS, cooldown = COOLDOWN } = onError ?? {};
  if (action === 'Observe') return undefined;
  const limits = { attempts, coolDownMs: parseDuration(cooldown) };
  // Nova refuses to rebuild what never ran; nothing is lost with that.
  if (action === 'Recreate' || server['OS-SRV-USG:launched_at'] === null) return { by: 'replace', ...limits };
  return server.image === '' ? undefined : { by: 'rebuild', ...limits };
}
