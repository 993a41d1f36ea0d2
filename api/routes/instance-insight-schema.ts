const text = { type: 'string' } as const;
const maybeText = { type: ['string', 'null'] } as const;
const figure = { type: ['number', 'null'] } as const;
const figures = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, figure])) as Record<Name, typeof figure>;

export const consoleQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    lines: { type: 'integer', minimum: 1, maximum: 10_000, default: 200, description: 'a whole number of lines from 1 to 10000.' },
  },
} as const;

export const eventsQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'a whole number from 1 to 100.' },
    cursor: { ...text, pattern: '^[A-Za-z0-9-]{1,64}$', description: '"next" of the page before, unchanged.' },
  },
} as const;

export const eventsAnswer = {
  200: {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            action: { ...text, description: 'create, stop, resize, ...' },
            requestId: { ...text, description: 'The id the cloud gave to the request; the audit knows ours by it.' },
            userId: { ...maybeText, description: 'Id of the user of the cloud who asked.' },
            byUs: { type: 'boolean', description: 'Whether that is the user of the Cluster.' },
            startedAt: { ...maybeText, description: 'RFC 3339' },
            finishedAt: { ...maybeText, description: 'RFC 3339; null while it runs.' },
            result: { ...maybeText, description: 'Success, Error, or null while it runs.' },
            message: maybeText,
            events: {
              type: 'array',
              description: 'What each part of the cloud did of it, oldest first.',
              items: {
                type: 'object',
                properties: { event: text, startedAt: maybeText, finishedAt: maybeText, result: maybeText, host: text, details: text },
              },
            },
          },
        },
      },
      next: { ...text, description: 'The cursor of the page behind, if there is one.' },
    },
  },
} as const;

const list = (properties: object) => ({ type: 'array', items: { type: 'object', properties } }) as const;

export const diagnosticsAnswer = {
  200: {
    type: 'object',
    description: 'Counted by the hypervisor since the instance was started; null is what it does not know.',
    properties: {
      at: { ...text, description: 'RFC 3339' },
      state: text,
      hypervisor: maybeText,
      uptimeSeconds: figure,
      memory: { type: 'object', properties: figures('maximumMiB', 'usedMiB') },
      cpus: list(figures('id', 'timeNs', 'utilisation')),
      nics: list({
        mac: maybeText,
        ...figures('rxBytes', 'rxPackets', 'rxErrors', 'rxDrops', 'txBytes', 'txPackets', 'txErrors', 'txDrops'),
      }),
      disks: list(figures('readBytes', 'readRequests', 'writeBytes', 'writeRequests', 'errors')),
    },
  },
} as const;
