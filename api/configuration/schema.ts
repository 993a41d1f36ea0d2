import { isIP } from 'node:net';
import { Ajv } from 'ajv';
import { readRoleOfGroup } from '../auth/oidc-settings.ts';
import { type Setting, settingsTable } from './settings-table.ts';

interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Record<string, object>;
}

const closed = (properties: Record<string, object>): ObjectSchema => ({ type: 'object', additionalProperties: false, properties });
const reference = {
  oneOf: ['file', 'env'].map((way) => ({ ...closed({ [way]: { type: 'string', minLength: 1, maxLength: 1000 } }), required: [way] })),
};

/** The JSON schema of the configuration file. */
export function fileSchema(): object {
  const root = closed({});
  for (const setting of settingsTable) {
    const parts = setting.name.split('.');
    const last = String(parts.pop());
    let at = root;
    for (const part of parts) {
      at.properties[part] ??= closed({});
      at = at.properties[part] as ObjectSchema;
    }
    at.properties[last] = {
      ...(setting.isSecret ? reference : setting.schema),
      description: `${setting.meaning}. Takes ${takes(setting)}.`,
    };
  }
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Configuration of Stackwarden', ...root };
}

/** What a value in the file has to be. */
export function takes({ takes: value, isSecret }: Setting): string {
  return isSecret ? '{file: PATH} or {env: NAME}, which lead to the value: a secret is not written here' : value;
}

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat('listen', (value) => readListen(value) !== undefined);
ajv.addFormat('network', isNetwork);
ajv.addFormat('web-address', isWebAddress);
ajv.addFormat('role-of-group', (value) => readRoleOfGroup(value) !== undefined);

export const isWellFormedFile = ajv.compile(fileSchema());
const checks = new Map(settingsTable.map((setting) => [setting.name, ajv.compile(setting.schema)]));

export function fits({ name }: Setting, value: unknown): boolean {
  return checks.get(name)?.(value) === true;
}

export function readListen(value: string): { host: string; port: number } | undefined {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/.exec(value);
  const port = Number(match?.groups?.['port']);
  const host = match?.groups?.['six'] ?? match?.groups?.['host'];
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** Plain HTTP only where nobody is in between. */
function isWebAddress(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
