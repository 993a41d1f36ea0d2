import { metadataSchema, type Schema, uuidSchema } from '../schema.ts';

const uuid: Schema = { type: 'string', pattern: '^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$' };
const text: Schema = { type: ['string', 'null'] };
const flag: Schema = { type: ['boolean', 'string', 'null'] };
const count: Schema = { type: ['integer', 'string'], pattern: '^[0-9]*$', minimum: 1 };

export const nameSchema: Schema = { type: 'string', minLength: 1, maxLength: 255 };
export const tagSchema: Schema = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^,/]*$' };
export const descriptionSchema: Schema = { type: ['string', 'null'], maxLength: 255 };

const network: Schema = {
  type: 'object',
  others: false,
  properties: { uuid, port: { anyOf: [uuid, { type: 'null' }] }, fixed_ip: { type: 'string' }, tag: { type: 'string' } },
};

const blockDevice: Schema = {
  type: 'object',
  others: false,
  properties: {
    boot_index: { type: ['integer', 'string', 'null'] },
    uuid: { type: 'string' },
    source_type: { type: 'string', enum: ['volume', 'image', 'snapshot', 'blank'] },
    destination_type: { type: 'string', enum: ['local', 'volume'] },
    volume_size: { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1 },
    volume_type: text,
    delete_on_termination: flag,
    device_name: text,
    device_type: text,
    disk_bus: text,
    guest_format: text,
    no_device: flag,
    tag: { type: 'string' },
  },
};

const hints: Schema = { type: 'object', properties: { group: uuidSchema } };

/** What POST /servers takes under this microversion. */
export function createSchema(minor: number): Schema {
  const networks: Schema =
    minor >= 37
      ? {
          anyOf: [
            { type: 'array', items: network },
            { type: 'string', enum: ['none', 'auto'] },
          ],
        }
      : { type: 'array', items: network };
  const properties: Record<string, Schema> = {
    name: nameSchema,
    imageRef: { anyOf: [uuid, { type: 'string', maxLength: 0 }] },
    flavorRef: { type: ['string', 'integer'] },
    adminPass: { type: 'string' },
    metadata: metadataSchema,
    networks,
    'OS-DCF:diskConfig': { type: 'string', enum: ['AUTO', 'MANUAL'] },
    accessIPv4: { type: 'string' },
    accessIPv6: { type: 'string' },
    availability_zone: { type: 'string' },
    block_device_mapping_v2: { type: 'array', items: blockDevice },
    block_device_mapping: { type: 'array' },
    config_drive: flag,
    key_name: { type: 'string' },
    min_count: count,
    max_count: count,
    return_reservation_id: flag,
    security_groups: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    user_data: { type: ['string', 'null'], maxLength: 65_535 },
    ...(minor >= 19 ? { description: descriptionSchema } : {}),
    ...(minor >= 52 ? { tags: { type: 'array', items: tagSchema, maxItems: 50 } } : {}),
    ...(minor >= 63 ? { trusted_image_certificates: { type: ['array', 'null'] } } : {}),
    ...(minor >= 74 ? { host: { type: 'string' }, hypervisor_hostname: { type: 'string' } } : {}),
    ...(minor >= 90 ? { hostname: { type: 'string' } } : {}),
    ...(minor < 57 ? { personality: { type: 'array' } } : {}),
  };
  const required = minor >= 37 ? ['name', 'flavorRef', 'networks'] : ['name', 'flavorRef'];
  const server: Schema = { type: 'object', required, others: false, properties };
  return {
    type: 'object',
    required: ['server'],
    properties: { server, 'os:scheduler_hints': hints, 'OS-SCH-HNT:scheduler_hints': hints },
  };
}
