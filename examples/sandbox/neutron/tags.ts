import { type Answer, isRecord, pythonRepr, type ScopedCall } from '../call.ts';
import type { Handler, RouteTable } from '../routes.ts';
import type { Standard } from '../store.ts';
import { badRequest, invalidInput, refuse } from './errors.ts';
import { isVisible, touch } from './standard.ts';

const taggable = ['networks', 'subnets', 'ports', 'security-groups', 'routers', 'floatingips'] as const;

/** The same six routes under each resource that can be tagged. */
export const tagRoutes: RouteTable = Object.fromEntries(
  taggable.flatMap((resource) => {
    const at =
      (handler: (call: ScopedCall, row: Standard) => Answer): Handler =>
      (call) =>
        handler(call, findTagged(call, resource));
    return [
      [`GET /${resource}/:id/tags`, at((_call, row) => ({ status: 200, body: { tags: row.tags } }))],
      [`PUT /${resource}/:id/tags`, at(replaceTags)],
      [`DELETE /${resource}/:id/tags`, at((call, row) => changed(call, row, [], { status: 204 }))],
      [
        `GET /${resource}/:id/tags/:tag`,
        at((call, row) => (row.tags.includes(call.params.tag ?? '') ? { status: 204 } : tagNotFound(call))),
      ],
      [`PUT /${resource}/:id/tags/:tag`, at(addTag)],
      [`DELETE /${resource}/:id/tags/:tag`, at(removeTag)],
    ] as const;
  }),
);

function findTagged(call: ScopedCall, resource: (typeof taggable)[number]): Standard {
  const { store } = call;
  const rows = {
    networks: store.networks,
    subnets: store.subnets,
    ports: store.ports,
    'security-groups': store.securityGroups,
    routers: store.routers,
    floatingips: store.floatingIps,
  }[resource];
  const row = rows.get(call.params.id ?? '');
  // What the real one answers too: looking up the owner of nothing is an error it does not expect.
  if (!row) refuse(500, 'HTTPInternalServerError', 'Request Failed: internal server error while processing your request.');
  if (!isVisible(call, row)) refuse(404, 'TagResourceNotFound', `Resource ${resource} ${row.id} could not be found.`);
  return row;
}

function replaceTags(call: ScopedCall, row: Standard): Answer {
  const given = isRecord(call.body) ? call.body.tags : undefined;
  if (!Array.isArray(given)) badRequest('Invalid tags body');
  for (const tag of given) {
    if (typeof tag !== 'string') invalidInput(`${pythonRepr(tag)} is not a valid string.`);
    if (tag.length > 255) invalidInput(`${pythonRepr(tag)} exceeds maximum length of 255.`);
  }
  const twice = given.find((tag, index) => given.indexOf(tag) !== index) as string | undefined;
  if (twice !== undefined) invalidInput(`Duplicate items in the list: ${pythonRepr(twice)}.`);
  const tags = (given as string[]).toSorted();
  return changed(call, row, tags, { status: 200, body: { tags } });
}

function addTag(call: ScopedCall, row: Standard): Answer {
  const tag = call.params.tag ?? '';
  return changed(call, row, row.tags.includes(tag) ? row.tags : [...row.tags, tag].toSorted(), { status: 201, body: null });
}

function removeTag(call: ScopedCall, row: Standard): Answer {
  const tag = call.params.tag ?? '';
  if (!row.tags.includes(tag)) tagNotFound(call);
  return changed(
    call,
    row,
    row.tags.filter((item) => item !== tag),
    { status: 204 },
  );
}

function tagNotFound(call: ScopedCall): never {
  return refuse(404, 'TagNotFound', `Tag ${call.params.tag} could not be found.`);
}

function changed(call: ScopedCall, row: Standard, tags: string[], answer: Answer): Answer {
  row.tags = tags;
  touch(call.world, row);
  return answer;
}
