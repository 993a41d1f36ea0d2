import { describe, expect, it } from 'vitest';
import type { ServiceName } from './cloud.ts';
import { readErrorBody } from './error-body.ts';
import { classifyOpenStackError, type FailureKind, OpenStackError } from './errors.ts';

/** Answers as OpenStack 2025.1 gave them, or as its sources word them. */
const neutron = (type: string, message: string) => JSON.stringify({ NeutronError: { type, message, detail: '' } });
const fault = (key: string, code: number, message: string) => JSON.stringify({ [key]: { code, message } });
const keystone = (code: number, title: string, message: string) => JSON.stringify({ error: { code, title, message } });
const html = (title: string, text: string) =>
  `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${text}<br /><br />\n\n </body>\n</html>`;

function answered(service: ServiceName, status: number, body: string, retryAfterMs?: number): OpenStackError {
  const said = readErrorBody(body, status, undefined);
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new OpenStackError({
    cloud: 'c1',
    service,
    method: 'POST',
    path: '/things',
    kind: status === 401 ? 'auth' : 'http',
    status,
    mayHaveActed: false,
    ...said,
    ...after,
  });
}

const HAPROXY = '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>';

describe('classifyOpenStackError', () => {
  it.each([
    [
      'quota of Neutron',
      'network',
      409,
      neutron('OverQuota', "Quota exceeded for resources: ['port']."),
      undefined,
      'stalled',
      'QuotaExceeded',
    ],
    [
      'quota of Nova',
      'compute',
      403,
      fault('forbidden', 403, 'Quota exceeded for cores, instances: Requested 1, but already used 10 of 10 cores'),
      undefined,
      'stalled',
      'QuotaExceeded',
    ],
    ['quota of Nova, as 413', 'compute', 413, fault('overLimit', 413, 'Quota exceeded, too many servers.'), 0, 'stalled', 'QuotaExceeded'],
    [
      'quota of Cinder, with Retry-After 0',
      'block-storage',
      413,
      fault('overLimit', 413, 'VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded'),
      0,
      'stalled',
      'QuotaExceeded',
    ],
    [
      'quota of Glance',
      'image',
      413,
      html('413 Request Entity Too Large', 'Denying attempt to upload image because it exceeds the quota.'),
      undefined,
      'stalled',
      'QuotaExceeded',
    ],
    [
      'rate limit, as 413',
      'compute',
      413,
      fault('overLimitFault', 413, 'This request was rate-limited.'),
      9_000,
      'transient',
      'RateLimited',
    ],
    ['rate limit, as 429', 'network', 429, '', 0, 'transient', 'RateLimited'],
    [
      'policy of Nova',
      'compute',
      403,
      fault('forbidden', 403, "Policy doesn't allow os_compute_api:servers:create to be performed."),
      undefined,
      'stalled',
      'Forbidden',
    ],
    [
      'policy of Neutron',
      'network',
      403,
      neutron('PolicyNotAuthorized', '(rule:create_network) is disallowed by policy'),
      undefined,
      'stalled',
      'Forbidden',
    ],
    [
      'a network in use',
      'network',
      409,
      neutron('NetworkInUse', 'Unable to complete operation on network n1. There are one or more ports still in use on the network.'),
      undefined,
      'waiting',
      'InUse',
    ],
    [
      'a gateway that floating IPs need',
      'network',
      409,
      neutron(
        'RouterExternalGatewayInUseByFloatingIp',
        'Gateway cannot be updated for router r1, since a gateway to external network n1 is required by one or more floating IPs.',
      ),
      undefined,
      'waiting',
      'InUse',
    ],
    [
      'a router interface that routes need',
      'network',
      409,
      neutron(
        'RouterInterfaceInUseByRoute',
        'Router interface for subnet s1 on router r1 cannot be deleted, as it is required by one or more routes.',
      ),
      undefined,
      'waiting',
      'InUse',
    ],
    [
      'a floating IP whose port no router reaches yet',
      'network',
      404,
      neutron(
        'ExternalGatewayForFloatingIPNotFound',
        'External network n1 is not reachable from subnet s1.  Therefore, cannot associate Port p1 with a Floating IP.',
      ),
      undefined,
      'waiting',
      'NotReachable',
    ],
    [
      'port security against groups',
      'network',
      409,
      neutron(
        'PortSecurityPortHasSecurityGroup',
        'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
      ),
      undefined,
      'stalled',
      'InvalidRequest',
    ],
    ['a security group in use', 'network', 409, neutron('SecurityGroupInUse', 'Security Group g1 in use.'), undefined, 'waiting', 'InUse'],
    [
      'a task running',
      'compute',
      409,
      fault('conflictingRequest', 409, "Cannot 'stop' instance s1 while it is in task_state powering-off"),
      undefined,
      'waiting',
      'WrongState',
    ],
    ['a locked server', 'compute', 409, fault('conflictingRequest', 409, 'Instance s1 is locked'), undefined, 'stalled', 'Locked'],
    [
      'a key pair that exists',
      'compute',
      409,
      fault('conflictingRequest', 409, "Key pair 'k' already exists."),
      undefined,
      'stalled',
      'AlreadyExists',
    ],
    [
      'a rule that exists',
      'network',
      409,
      neutron('SecurityGroupRuleExists', 'Security group rule already exists. Rule id is r1.'),
      undefined,
      'transient',
      'AlreadyExists',
    ],
    [
      'no address left',
      'network',
      409,
      neutron('IpAddressGenerationFailure', 'No more IP addresses available on network n1.'),
      undefined,
      'stalled',
      'NoFreeAddress',
    ],
    [
      'another conflict',
      'network',
      409,
      neutron('FlavorServiceProfileBindingExistsNot', 'something new'),
      undefined,
      'waiting',
      'Conflict',
    ],
    [
      'a volume in another state',
      'block-storage',
      400,
      fault(
        'badRequest',
        400,
        'Invalid volume: Volume status must be available or error or error_restoring, but current status is: creating.',
      ),
      undefined,
      'waiting',
      'WrongState',
    ],
    [
      'a volume still attached',
      'block-storage',
      400,
      fault('badRequest', 400, 'Invalid volume: Volume is still attached, detach volume first.'),
      undefined,
      'waiting',
      'InUse',
    ],
    [
      'a bad request of Nova',
      'compute',
      400,
      fault('badRequest', 400, 'Invalid input for field/attribute name. Value: . is too short'),
      undefined,
      'stalled',
      'InvalidRequest',
    ],
    [
      'a bad request of Neutron',
      'network',
      400,
      neutron('HTTPBadRequest', "Unrecognized attribute(s) 'bogus'"),
      undefined,
      'stalled',
      'InvalidRequest',
    ],
    [
      'a stale revision',
      'network',
      412,
      neutron('RevisionNumberConstraintFailed', 'Constrained to 1, but current revision is 2'),
      undefined,
      'transient',
      'ChangedMeanwhile',
    ],
    ['nothing there', 'compute', 404, fault('itemNotFound', 404, 'Instance s1 could not be found.'), undefined, 'transient', 'NotFound'],
    ['no backend', 'compute', 503, HAPROXY, undefined, 'transient', 'CloudFailed'],
    ['a crash', 'compute', 500, fault('computeFault', 500, 'Unexpected API Error.'), undefined, 'transient', 'CloudFailed'],
    [
      'a microversion that went away',
      'compute',
      406,
      fault('computeFault', 406, 'Version 2.96 is not supported by the API.'),
      undefined,
      'transient',
      'MicroversionRefused',
    ],
    [
      'a token refused for good',
      'network',
      401,
      keystone(401, 'Unauthorized', 'The request you have made requires authentication.'),
      undefined,
      'stalled',
      'AuthenticationFailed',
    ],
    ['a call it does not know', 'block-storage', 501, '', undefined, 'stalled', 'Unsupported'],
  ] as const)('sorts %s', (_name, service, status, body, retryAfterMs, kind, reason) => {
    const verdict = classifyOpenStackError(answered(service, status, body, retryAfterMs));
    expect(verdict).toMatchObject({ kind, reason });
    if (kind === 'stalled') expect(verdict.message).toMatch(/; [a-z]/);
    expect(verdict.message).toContain('c1');
  });

  it.each([
    ['circuit-open', 'transient', 'CloudUnreachable'],
    ['dns', 'transient', 'CloudUnreachable'],
    ['connection', 'transient', 'CloudUnreachable'],
    ['timeout', 'transient', 'CloudTimeout'],
    ['invalid-response', 'transient', 'InvalidResponse'],
    ['aborted', 'transient', 'Aborted'],
    ['tls', 'stalled', 'CertificateNotTrusted'],
    ['auth', 'stalled', 'AuthenticationFailed'],
    ['catalog', 'stalled', 'ServiceMissing'],
  ] as const)('sorts a failure of kind %s', (failure: FailureKind, kind, reason) => {
    const error = new OpenStackError({
      cloud: 'c1',
      service: 'compute',
      method: 'GET',
      path: '/x',
      kind: failure,
      detail: 'd',
      mayHaveActed: false,
    });
    expect(classifyOpenStackError(error)).toMatchObject({ kind, reason });
  });

  it.each([
    [0, 1_000],
    [7_000, 7_000],
    [86_400_000, 300_000],
  ])('bounds a Retry-After of %i ms to %i', (said, bounded) => {
    expect(classifyOpenStackError(answered('network', 503, '', said))).toMatchObject({ retryAfterMs: bounded });
  });

  it('says the same of one fault every time, so that a condition does not flap', () => {
    const once = (requestId: string) => {
      const call = { cloud: 'c1', service: 'compute', method: 'GET', path: '/servers', mayHaveActed: false } as const;
      return classifyOpenStackError(new OpenStackError({ ...call, kind: 'http', status: 500, detail: 'crash', requestId })).message;
    };
    expect(once('req-1')).toBe(once('req-2'));
  });

  it('lets what is none of ours pass by itself', () => {
    expect(classifyOpenStackError(new TypeError('oops'))).toMatchObject({ kind: 'transient', reason: 'UnexpectedError', message: 'oops' });
  });
});

describe('readErrorBody', () => {
  it.each([
    [
      'Neutron',
      neutron('NetworkNotFound', 'Network x could not be found.'),
      { type: 'NetworkNotFound', detail: 'Network x could not be found.' },
    ],
    [
      'Nova',
      fault('itemNotFound', 404, 'Instance x could not be found.'),
      { type: 'itemNotFound', detail: 'Instance x could not be found.' },
    ],
    ['Keystone', keystone(403, 'Forbidden', 'You are not authorized'), { type: 'Forbidden', detail: 'You are not authorized' }],
    ['Glance', html('404 Not Found', 'No image found with ID &#x27;x&#x27;'), { detail: "No image found with ID 'x'" }],
    ['a proxy', HAPROXY, { detail: 'No server is available to handle this request.' }],
    ['a middleware', JSON.stringify({ code: '429', title: 'Too Many', message: 'slow down' }), { type: 'Too Many', detail: 'slow down' }],
    ['nobody', '', { detail: 'no explanation (status 404)' }],
    ['nonsense', '[1, 2', { detail: '[1, 2' }],
  ])('reads what %s writes', (_name, body, expected) => {
    expect(readErrorBody(body, 404, undefined)).toEqual(expected);
  });

  it('leaves out the value a schema error quotes', () => {
    const quoted = "Invalid input for field/attribute server. Value: {'user_data': 'aHVzaA==. x', 'n': 1}. 'name' is a required property";
    expect(readErrorBody(fault('badRequest', 400, quoted), 400, undefined).detail).toBe(
      "Invalid input for field/attribute server: 'name' is a required property",
    );
    const typed = "Invalid input for field/attribute user_data. Value: {'a': 'hush'}. {'a': 'hush'} is not of type 'string', 'null'";
    expect(readErrorBody(fault('badRequest', 400, typed), 400, undefined).detail).not.toMatch(/hush/);
  });

  it('hides secrets we sent, wherever they are quoted', () => {
    const sent = { server: { user_data: 'aHVzaA==', personality: [{ contents: 'c2VjcmV0' }], name: 'n' } };
    const { detail } = readErrorBody(fault('badRequest', 400, 'aHVzaA== and c2VjcmV0 are wrong for n'), 400, sent);
    expect(detail).toBe('[hidden] and [hidden] are wrong for n');
  });

  it('keeps to a few hundred characters on one line', () => {
    const { detail } = readErrorBody('a\n'.repeat(5_000), 500, undefined);
    expect(detail.length).toBeLessThan(510);
    expect(detail).not.toContain('\n');
  });
});
