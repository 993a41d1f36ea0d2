import type { JsonSchema } from '#controller/engine/json.ts';
import { exactlyOne, resourceName, tags } from '../fields.ts';

/** Base64 of 192 KiB: what may reasonably stand in a manifest. */
const MAX_CONTENT = 262_144;

const source: JsonSchema = {
  type: 'object',
  description: 'Where the data comes from; needed to make the image. Fixed once made.',
  properties: {
    url: {
      type: 'string',
      maxLength: 2048,
      pattern: '^https?://[^\\s]+$',
      description: 'The controller downloads this and sends it on to the cloud as it comes. Without sha256 the data is taken as it is.',
    },
    file: {
      type: 'string',
      maxLength: 240,
      pattern: '^[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*$',
      description:
        'A file below the directory that the operator of the controller names with --images, as debian/12.qcow2. What it holds later makes no difference, unless sha256 says so.',
    },
    content: {
      type: 'string',
      maxLength: MAX_CONTENT,
      pattern: '^[A-Za-z0-9+/]*={0,2}$',
      description: 'The data itself in base64, for something tiny.',
    },
    sha256: {
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 the data must have; otherwise the image is not made.',
    },
  },
  ...exactlyOne('url', 'file', 'content'),
};

export const imageSpec: JsonSchema = {
  type: 'object',
  required: ['diskFormat'],
  properties: {
    name: resourceName('image'),
    source,
    diskFormat: {
      type: 'string',
      enum: ['raw', 'qcow2', 'iso', 'vhd', 'vhdx', 'vmdk', 'vdi', 'ploop', 'ami', 'ari', 'aki'],
      description: 'What the data is. Fixed once made.',
    },
    containerFormat: {
      type: 'string',
      enum: ['bare', 'ovf', 'ova', 'ami', 'ari', 'aki', 'docker', 'compressed'],
      description: 'What the data is packed in; made as bare unless declared. Fixed once made.',
    },
    minDiskGiB: { type: 'integer', minimum: 0, maximum: 1_048_576, description: 'Root disk an instance needs at least.' },
    minRamMiB: { type: 'integer', minimum: 0, maximum: 1_073_741_824, description: 'Memory an instance needs at least.' },
    visibility: {
      type: 'string',
      enum: ['private', 'shared', 'community', 'public'],
      description: 'Who may use it. public takes a role that most clouds give to administrators only. Made as private unless declared.',
    },
    protected: { type: 'boolean', description: 'Whether the cloud refuses to delete it, also for us.' },
    hidden: { type: 'boolean', description: 'Whether it is left out of lists; who knows its id can use it.' },
    tags: tags(255),
    properties: {
      type: 'object',
      maxProperties: 100,
      additionalProperties: { type: 'string', maxLength: 4096 },
      description: 'All custom properties (hw_disk_bus, os_type) beside our own and those the services add. Others are removed.',
    },
  },
};

export const imageStatus: Readonly<Record<string, JsonSchema>> = {
  state: { type: 'string', description: 'queued, saving, active, deactivated and so on, as Glance says.' },
  sizeBytes: { type: 'integer', format: 'int64', description: 'Size of the data.' },
  checksum: { type: 'string', description: 'Hash of the data with its algorithm, as Glance has computed it.' },
};
