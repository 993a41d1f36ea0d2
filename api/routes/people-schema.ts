import { longestPassword, shortestPassword } from '../auth/passwords.ts';
import { permissions } from '../auth/permissions.ts';

/** What the routes about people take; each description is what a person reads who got that field wrong. */
const word = (description: string, maxLength: number) => ({ type: 'string', minLength: 1, maxLength, description });
const orNull = (description: string, maxLength: number) => ({ type: ['string', 'null'], minLength: 1, maxLength, description });
const whole = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
  description: 'a JSON object.',
});

const id = word('the id of it, from the list.', 36);
export const idParams = whole({ id, binding: id, session: id, token: id }, ['id']);
export const noQuery = whole({});
export const nothing = { type: ['object', 'null'], additionalProperties: false, properties: {}, description: 'no body.' };

const username = word('1 to 100 letters, digits and . _ @ -.', 100);
// The length of a new one is told by the check that knows the name as well.
const newPassword = word(`${shortestPassword} to ${longestPassword} characters.`, longestPassword);
const oldPassword = word('the password there is now.', 1024);
const email = {
  type: ['string', 'null'],
  maxLength: 254,
  pattern: String.raw`^[^\s@<>]+@[^\s@<>]+$`,
  description: 'an e-mail address, or null.',
};
const displayName = orNull('1 to 200 characters, or null.', 200);
const code = word('6 digits, or a recovery code.', 64);
const state = { type: 'string', enum: ['active', 'disabled'], description: 'one of active, disabled.' };
const place = {
  cluster: {
    ...word('the name of a Cluster, or * for all of them.', 253),
    default: '*',
    pattern: String.raw`^(?:\*|[a-z0-9][a-z0-9.-]*)$`,
  },
  namespace: {
    ...word('the name of a namespace, or * for all of them.', 63),
    default: '*',
    pattern: String.raw`^(?:\*|[a-z0-9][a-z0-9-]*)$`,
  },
};
const roleName = word('the name of a role; GET /api/v1/roles lists them.', 63);
export const bindingBody = whole({ role: roleName, ...place }, ['role']);
const bindings = { type: 'array', maxItems: 100, items: bindingBody, default: [], description: 'a list of {role, cluster, namespace}.' };
const permission = {
  type: 'string',
  enum: Object.keys(permissions),
  description: 'the name of a permission; GET /api/v1/roles lists them.',
};
const permissionList = { type: 'array', uniqueItems: true, maxItems: 200, items: permission, description: 'a list of permissions.' };
const moment = { type: 'string', format: 'moment', maxLength: 40, description: 'a time such as 2026-11-23T09:30:00Z.' };

/** A page of the web: a path of this server that is not the API's; `//host` and `/\\host` would lead to another. */
const page = {
  type: 'string',
  maxLength: 1000,
  pattern: String.raw`^/(?![/\\]|api/)[^\\\u0000-\u0020<>"]*$`,
  default: '/',
  description: 'a page of this site to go on at, such as /resources/server; 1000 characters.',
};
export const providerQuery = whole({ to: page });
export const signInBody = whole({ username: word('your username.', 254), password: oldPassword }, ['username', 'password']);
export const codeBody = whole({ code }, ['code']);

export const peopleQuery = whole({
  text: word('1 to 100 characters that occur in username, name or e-mail.', 100),
  state: { type: 'string', enum: ['active', 'disabled', 'pending'], description: 'one of active, disabled, pending.' },
  limit: { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' },
  cursor: word('"next" of the page before, unchanged.', 200),
});
export const sessionsQuery = whole({
  limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'a whole number from 1 to 500.' },
  cursor: { ...word('"next" of the page before, unchanged.', 60), pattern: '^[0-9]{1,15}_[0-9a-f-]{36}$' },
});
export const newPersonBody = whole({ username, email, displayName, password: newPassword, bindings }, ['username']);
export const personBody = { ...whole({ email, displayName, state, password: newPassword }), minProperties: 1 };
export const meBody = { ...whole({ email, displayName }), minProperties: 1 };
export const passwordBody = whole({ current: oldPassword, password: newPassword }, ['current', 'password']);
export const provenBody = whole({ password: oldPassword }, ['password']);
export const preferenceParams = whole({ name: { ...word('1 to 100 letters, digits and . _ -.', 100), pattern: '^[A-Za-z0-9._-]+$' } }, [
  'name',
]);
export const preferenceBody = whole({ value: { description: 'any JSON value.' } }, ['value']);
const names = (items: object) => ({ type: 'array', minItems: 1, maxItems: 100, items, description: 'a list of names.' });
export const tokenBody = whole(
  {
    name: word('what it is for, 1 to 100 characters.', 100),
    expiresAt: { ...moment, type: ['string', 'null'], default: null },
    scope: {
      ...whole({ permissions: permissionList, clusters: names(place.cluster), namespaces: names(place.namespace) }),
      type: ['object', 'null'],
      default: null,
      description: 'what it may at most: {permissions, clusters, namespaces}, or null for all that you may.',
    },
  },
  ['name'],
);

export const roleParams = whole({ name: roleName }, ['name']);
const description = { type: 'string', maxLength: 500, description: 'what the role is for, at most 500 characters.' };
export const newRoleBody = whole(
  {
    name: { ...word('1 to 63 letters a-z, digits, _ and -.', 63), pattern: '^[a-z0-9][a-z0-9_-]*$' },
    description: { ...description, default: '' },
    permissions: permissionList,
  },
  ['name', 'permissions'],
);
export const roleBody = { ...whole({ description, permissions: permissionList }), minProperties: 1 };

export const invitationBody = whole({
  email: { ...email, default: null },
  bindings,
  hours: { type: 'integer', minimum: 1, maximum: 720, default: 72, description: 'how long it is good, 1 to 720 hours.' },
});
export const acceptanceBody = whole({ token: word('the token of the invitation.', 100), username, password: newPassword, displayName }, [
  'token',
  'username',
  'password',
]);
export const registrationBody = whole({ username, password: newPassword, email, displayName }, ['username', 'password']);
export const approvalBody = whole({ bindings });

export const questionsBody = whole(
  {
    questions: {
      type: 'array',
      minItems: 1,
      maxItems: 500,
      items: whole({ permission, ...place }, ['permission']),
      description: 'a list of up to 500 {permission, cluster, namespace}.',
    },
  },
  ['questions'],
);
