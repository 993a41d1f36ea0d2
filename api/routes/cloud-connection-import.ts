import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { CloudConfigError } from '#controller/openstack/config-section.ts';
import { forbid } from '../auth/gate.ts';
import { connect } from '../connections/connect.ts';
import { configOf, describeCredentials, entriesOf, type GivenCredentials } from '../connections/credentials.ts';
import { KubeRefused } from '../connections/kube-door.ts';
import { asCaller, attempt, type ConnectionContext, checkStrictly, tell } from './cloud-connection-request.ts';
import { importBody } from './cloud-connections-schema.ts';
import { badRequest } from './problem.ts';

interface ImportBody {
  readonly cloudsYaml: string;
  readonly secureYaml?: string;
  readonly namespace?: string;
  readonly dryRun: boolean;
  readonly select?: readonly { readonly cloud: string; readonly name?: string }[];
}

interface Selected {
  readonly cloud: string;
  readonly name: string;
}

/** `POST /api/v1/clusters/import`: a Cluster and a Secret for each chosen entry of a pasted clouds.yaml. */
export const connectionImportRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);
  app.post<{ Body: ImportBody }>(
    '/api/v1/clusters/import',
    // Further down each entry is asked for by its own name.
    { schema: { body: importBody }, config: { access: { permission: 'cluster.change', at: 'anywhere' } } },
    async (request, reply) => {
      const { body } = request;
      const { names } = entriesOf(body);
      if (body.dryRun) return { entries: names.map((cloud) => previewOf(body, cloud)) };
      const first = names[0];
      if (first === undefined) return badRequest(reply, [{ field: 'cloudsYaml', message: 'It has no entry under "clouds".' }]);
      if (!body.select && names.length > 1)
        return badRequest(reply, [{ field: 'select', message: `There are ${names.length} entries, ${shown(names)}: say which.` }]);
      const chosen = (body.select ?? [{ cloud: first }]).map(({ cloud, name = nameFor(cloud) }): Selected => ({ cloud, name }));
      const flaws = flawsIn(chosen, names);
      if (flaws.length > 0) return badRequest(reply, flaws);
      for (const { name } of chosen) {
        const decision = request.may('cluster.change', { cluster: name, namespace: '*' });
        if (!decision.allowed) return forbid(request, reply, decision);
      }
      const items = [];
      for (const one of chosen) items.push(await importOne(context, request, one));
      return reply.code(items.every(({ status }) => status === 201) ? 201 : 207).send({ items });
    },
  );
};

function given({ cloudsYaml, secureYaml }: ImportBody, cloud: string): GivenCredentials {
  return { cloudsYaml, cloud, ...(secureYaml !== undefined && { secureYaml }) };
}

/** What an entry would become, or what is wrong with it. */
function previewOf(body: ImportBody, cloud: string): object {
  try {
    const config = configOf(given(body, cloud), {});
    const { region, interface: face } = config;
    return { cloud, name: nameFor(cloud), ...describeCredentials(config), interface: face, ...(region !== undefined && { region }) };
  } catch (error) {
    if (!(error instanceof CloudConfigError)) throw error;
    return { cloud, name: nameFor(cloud), flaw: error.message };
  }
}

/** One that fails keeps no other from being made. */
async function importOne(context: ConnectionContext, request: FastifyRequest, { cloud, name }: Selected) {
  const { body } = request as FastifyRequest<{ Body: ImportBody }>;
  try {
    const made = await attempt(context, request, { type: 'ConnectionCreated', cluster: name, words: `import ${cloud} as ${name}` }, () =>
      connect(asCaller(context, request), {
        name,
        spec: {},
        credentials: { config: configOf(given(body, cloud), {}), namespace: body.namespace ?? 'default' },
      }),
    );
    await tell(context, request, {
      type: 'ConnectionCreated',
      cluster: name,
      uid: made.metadata.uid,
      message: `imported entry ${cloud} of a clouds.yaml as ${name}.`,
    });
    return { cloud, name, status: 201 };
  } catch (error) {
    if (error instanceof CloudConfigError) return { cloud, name, status: 400, title: 'BadRequest', detail: error.message };
    if (!(error instanceof KubeRefused)) throw error;
    return { cloud, name, status: error.status, title: error.reason, detail: error.message };
  }
}

function flawsIn(chosen: readonly Selected[], names: readonly string[]) {
  const unknown = chosen.filter(({ cloud }) => !names.includes(cloud)).map(({ cloud }) => `There is no entry ${cloud}: ${shown(names)}.`);
  const twice = chosen.filter(({ name }, index) => chosen.findIndex((one) => one.name === name) !== index);
  const nameless = chosen.filter(({ name }) => name === '').map(({ cloud }) => `Give a name for the Cluster of ${cloud}.`);
  return [...unknown, ...twice.map(({ name }) => `Two entries would become Cluster ${name}.`), ...nameless].map((message) => ({
    field: 'select',
    message,
  }));
}

function shown(names: readonly string[]): string {
  return names.length > 20 ? `${names.slice(0, 20).join(', ')}, ...` : names.join(', ');
}

/** A Cluster's name out of an entry's; '' when nothing is left of it. */
function nameFor(cloud: string): string {
  return cloud
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
