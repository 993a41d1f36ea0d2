import type { Cloud, ServiceName } from './openstack/cloud.ts';
import type { CloudConfig } from './openstack/clouds-yaml.ts';
import { connectCloud } from './openstack/connect.ts';
import { OpenStackError } from './openstack/errors.ts';
import { type ProbeResult, type ProbeStep, probe } from './openstack/probe.ts';

/** One thing that was tried, in the order people read it; `Done` is the last, unless the caller ended the test. */
export interface ConnectionTestStep {
  readonly step: ProbeStep | 'Roles' | 'Service' | 'Done';
  /** `warning`: it works, but not for all that can be asked of it here. */
  readonly state: 'passed' | 'warning' | 'failed';
  readonly latencyMs: number;
  /** What was found, or what failed and where. */
  readonly message: string;
  /** The next thing to do, when it did not pass. */
  readonly advice?: string;
  /** Of a step `Service`. */
  readonly service?: ServiceName;
  /** Of the step `Roles`: what the token has, and what of ours needs a role that it lacks. */
  readonly roles?: readonly string[];
  readonly lacking?: readonly { readonly role: string; readonly neededFor: string }[];
}

export interface ConnectionTestOptions {
  /** Ends the test, and the connections it holds, at once. */
  readonly signal: AbortSignal;
  /** For one connection or answer; default 10 s. */
  readonly timeoutMs?: number;
  /** For all of it; default 60 s. */
  readonly totalMs?: number;
  readonly now?: () => number;
}

const advice: Readonly<Record<ConnectionTestStep['step'], string>> = {
  DNS: 'Correct auth_url, or the name server of the machine Stackwarden runs on.',
  TCP: 'Check that Keystone runs there, and that a firewall lets this machine through.',
  TLS: 'Put the authority that signed the certificate into caBundle, or have the certificate renewed.',
  Auth: 'Check user, password, project and their domains; of an application credential, whether it has expired.',
  Catalog: 'Correct region or interface; ask whoever runs the cloud to register the missing service.',
  Microversions: "Check that the catalog's endpoints of compute and block storage lead to these services.",
  Roles: 'Ask whoever runs the cloud for that role in this project, if you need what it is for.',
  Service: 'Check that the service runs, and that this machine reaches the address the catalog gives.',
  Done: 'See the step that failed.',
};

/** Roles by what Keystone makes of them by default; each implies those behind it. */
const needs: readonly { readonly role: string; readonly impliedBy: readonly string[]; readonly neededFor: string }[] = [
  { role: 'member', impliedBy: ['admin', 'manager', '_member_'], neededFor: 'creating, changing and deleting anything' },
  {
    role: 'admin',
    impliedBy: [],
    neededFor: 'seeing hypervisors, and moving, evacuating and resetting instances',
  },
];

/** The cheapest call that shows a service works, its database included. */
const pings: readonly (readonly [(cloud: Cloud) => Cloud['compute'], string])[] = [
  [({ compute }) => compute, '/servers'],
  [({ blockStorage }) => blockStorage, '/volumes'],
  [({ network }) => network, '/networks'],
  [({ image }) => image, '/images'],
];

/**
 * Tries a connection from the wire up and tells each step as it ends; stops at the first that fails, but tries every service. Changes nothing in the
 * cloud. Never throws: what fails is told.
 */
export async function* testConnection(config: CloudConfig, options: ConnectionTestOptions): AsyncGenerator<ConnectionTestStep> {
  const { signal, timeoutMs = 10_000, totalMs = 60_000, now = () => performance.now() } = options;
  const startedAt = now();
  const total = AbortSignal.timeout(totalMs);
  const ended = AbortSignal.any([signal, total]);
  const cloud = connectCloud(config, {
    name: config.name,
    concurrency: 4,
    timeouts: { connectMs: timeoutMs, headersMs: timeoutMs, totalMs: timeoutMs },
  });
  const done = (isWell: boolean, message: string): ConnectionTestStep => ({
    ...outcome('Done', isWell, message),
    latencyMs: now() - startedAt,
  });
  try {
    let isWell = true;
    for await (const one of untilEnded(steps(cloud, { timeoutMs, now, signal: ended }), ended)) {
      isWell &&= one.state !== 'failed';
      yield one;
    }
    if (signal.aborted) return;
    if (total.aborted) yield done(false, `It was not through after ${totalMs / 1000} s, and was ended.`);
    else yield done(isWell, isWell ? 'The connection works.' : 'The connection does not work.');
  } finally {
    await cloud.close();
  }
}

async function* steps(
  cloud: Cloud,
  { timeoutMs, now, signal }: { timeoutMs: number; now: () => number; signal: AbortSignal },
): AsyncGenerator<ConnectionTestStep> {
  for await (const result of probe(cloud, { timeoutMs, signal })) {
    yield fromProbe(result);
    if (!result.ok) return;
  }
  yield await rolesOf(cloud);
  // All at once: each tells its own latency, and none waits for a slow one to be asked.
  const asked = pings.map(([service, path]) => ping(service(cloud), path, now));
  for (const answer of asked) yield await answer;
}

function fromProbe({ step, ok, latencyMs, message }: ProbeResult): ConnectionTestStep {
  return { ...outcome(step, ok, message), latencyMs };
}

function outcome(step: ConnectionTestStep['step'], ok: boolean, message: string): Omit<ConnectionTestStep, 'latencyMs'> {
  return { step, state: ok ? 'passed' : 'failed', message, ...(!ok && { advice: advice[step] }) };
}

async function rolesOf(cloud: Cloud): Promise<ConnectionTestStep> {
  // The token is there already: this sends nothing.
  const { roles } = await cloud.authenticate();
  const lacking = needs
    .filter(({ role, impliedBy }) => ![role, ...impliedBy].some((one) => roles.includes(one)))
    .map(({ role, neededFor }) => ({ role, neededFor }));
  const common = { step: 'Roles', latencyMs: 0, roles: roles.toSorted(), lacking } as const;
  const has = `The token has ${roles.toSorted().join(', ') || 'no role'}.`;
  if (lacking.length === 0) return { ...common, state: 'passed', message: has };
  const without = lacking.map(({ role, neededFor }) => `Role ${role} is needed for ${neededFor}.`).join(' ');
  return { ...common, state: 'warning', message: `${has} ${without}`, advice: advice.Roles };
}

async function ping(service: Cloud['compute'], path: string, now: () => number): Promise<ConnectionTestStep> {
  const startedAt = now();
  const { ok, message } = await service.request({ method: 'GET', path, query: { limit: 1 } }).then(
    () => ({ ok: true, message: `${service.service} answers` }),
    (error: unknown) => ({ ok: false, message: error instanceof OpenStackError ? error.detail : String(error) }),
  );
  return { ...outcome('Service', ok, message), service: service.service, latencyMs: now() - startedAt };
}

/** What a generator gives until the signal comes, which ends it without a wait for what it is at. */
async function* untilEnded<T>(source: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const end = Promise.withResolvers<undefined>();
  const stop = () => end.resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted) {
      const next = source.next();
      const result = await Promise.race([next, end.promise]);
      if (result === undefined) {
        // What it is at fails soon, as its connections are closed; nobody hears of it.
        next.catch(() => undefined);
        return;
      }
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
