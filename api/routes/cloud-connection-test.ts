import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type ConnectionTestStep, testConnection } from '#controller/connection-test.ts';
import type { CloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { everywhere } from '../auth/decide.ts';
import { specOf } from '../connections/cluster-object.ts';
import { type ConnectionOverrides, configOf, type GivenCredentials, storedConfig } from '../connections/credentials.ts';
import { find, secretPath } from '../connections/kube-door.ts';
import { asItself, type ConnectionContext, checkStrictly, clusterNamed, Refused, tell } from './cloud-connection-request.ts';
import { testBody } from './cloud-connections-schema.ts';

interface TestBody {
  readonly cluster?: string;
  readonly credentials?: GivenCredentials;
  readonly spec?: ConnectionOverrides;
}

/** One person's tests at a time, and everybody's: each holds connections to somewhere else. */
const mostOfOne = 3;
const mostOfAll = 20;

/**
 * `POST /api/v1/clusters/test`: tries the connection of a Cluster, or credentials before a Cluster is made of them. Streams a step a line
 * (application/x-ndjson), or as server-sent events where those are asked for; a client that goes away ends the test.
 */
export const connectionTestRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);
  const running = new Map<string, number>();
  // An address of one's own choice is tried from here: that takes the right for every cluster.
  const place = ({ body }: FastifyRequest) => {
    const { cluster } = body as TestBody;
    return cluster === undefined ? everywhere : { cluster, namespace: '*' };
  };
  app.post<{ Body: TestBody }>(
    '/api/v1/clusters/test',
    { schema: { body: testBody }, config: { access: { permission: 'cluster.test', at: place } } },
    async (request, reply) => {
      const { user } = request.identity;
      const config = await configToTest(context, request.body);
      const own = running.get(user) ?? 0;
      const all = [...running.values()].reduce((sum, count) => sum + count, 0);
      if (own >= mostOfOne || all >= mostOfAll)
        throw new Refused(429, 'TooManyTests', 'Too many connections are being tested. Wait for one to end, and try again.');
      running.set(user, own + 1);
      const ended = () => {
        const left = (running.get(user) ?? 1) - 1;
        if (left > 0) running.set(user, left);
        else running.delete(user);
      };
      return stream(request, reply, watched(context, request, config, { signal: goneSignal(reply), ended }));
    },
  );
};

async function configToTest(context: ConnectionContext, { cluster: name, credentials, spec = {} }: TestBody): Promise<CloudConfig> {
  if (credentials) return configOf(credentials, spec);
  const cluster = await clusterNamed(asItself(context), name ?? '');
  const declared = specOf(cluster);
  const { namespace, name: secretName } = declared.credentialsSecretRef;
  const secret = await find(asItself(context), secretPath({ namespace, name: secretName }));
  const config = secret && storedConfig(secret, { ...declared, ...spec });
  if (config) return config;
  throw new Refused(
    409,
    'CredentialsNotFound',
    `Cluster ${name} has no credentials in Secret ${namespace}/${secretName}; PUT credentials.`,
  );
}

/** Aborts when the client goes away before the end. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

async function* watched(
  context: ConnectionContext,
  request: FastifyRequest,
  config: CloudConfig,
  { signal, ended }: { signal: AbortSignal; ended: () => void },
): AsyncGenerator<ConnectionTestStep> {
  let last: ConnectionTestStep | undefined;
  let failed: ConnectionTestStep | undefined;
  try {
    for await (const step of testConnection(config, { signal })) {
      last = step;
      if (step.state === 'failed' && step.step !== 'Done') failed ??= step;
      yield step;
    }
  } finally {
    ended();
    const { cluster } = (request.body as TestBody) ?? {};
    const outcome = last?.step === 'Done' ? (failed ? `step ${failed.step} failed` : 'it works') : 'ended before it was through';
    const message = `tested the connection to ${config.authUrl}${cluster === undefined ? '' : ` of ${cluster}`}: ${outcome}.`;
    const isWell = last?.step === 'Done' && last.state === 'passed';
    await tell(context, request, { type: 'ConnectionTested', cluster: cluster ?? '', result: isWell ? 'ok' : 'failed', message });
  }
}

function stream(request: FastifyRequest, reply: FastifyReply, steps: AsyncGenerator<ConnectionTestStep>): FastifyReply {
  const isEvents = /\btext\/event-stream\b/.test(request.headers.accept ?? '');
  const write = (step: ConnectionTestStep) => (isEvents ? `event: step\ndata: ${JSON.stringify(step)}\n\n` : `${JSON.stringify(step)}\n`);
  // No proxy may keep steps back, and none of it is stored.
  reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
  reply.type(isEvents ? 'text/event-stream' : 'application/x-ndjson');
  return reply.send(Readable.from(lines(steps, write)));
}

async function* lines(steps: AsyncGenerator<ConnectionTestStep>, write: (step: ConnectionTestStep) => string): AsyncGenerator<string> {
  for await (const step of steps) yield write(step);
}
