import { describe, expect, it } from 'vitest';
import type { RecordedWrite } from '#tests/parts/recording-proxy.ts';
import { createWriteLedger } from './write-ledger.ts';

const uid = '11111111-1111-4111-8111-111111111111';
const otherUid = '22222222-2222-4222-8222-222222222222';
const id = '33333333-3333-4333-8333-333333333333';

const write = (method: string, path: string, sent?: unknown, answered?: unknown): RecordedWrite => ({
  method,
  path,
  status: 200,
  sent,
  answered,
});

/** Two namespaces with an object each, and what was written. */
function ledgerOf(...writes: RecordedWrite[]) {
  const ledger = createWriteLedger();
  ledger.mark('one', uid);
  ledger.mark('other', otherUid);
  ledger.writes.push(...writes);
  return ledger;
}

const counts = (ledger: ReturnType<typeof ledgerOf>) => [ledger.of('one', 99).length, ledger.of('other', 99).length];

const created = (path: string, key: string) =>
  write('POST', path, { [key]: { description: `Mine (stackwarden ${uid})` } }, { [key]: { id, name: 'mine' } });

describe('the ledger of writes', () => {
  it('tells a create by its stamp, and what follows by the id', () => {
    expect(counts(ledgerOf(created('/v2.0/networks', 'network'), write('PUT', `/v2.0/networks/${id}/tags`)))).toEqual([2, 0]);
  });

  it('tells a create that was refused by its stamp', () => {
    expect(counts(ledgerOf({ ...write('POST', '/v2.0/networks', { network: { description: uid } }), status: 409 }))).toEqual([1, 0]);
  });

  it('counts a part to the resource it is of, as the cloud showed it', () => {
    const ledger = ledgerOf(
      created('/v2.0/security-groups', 'security_group'),
      write(
        'POST',
        '/v2.0/security-group-rules',
        { security_group_rule: { security_group_id: id } },
        { security_group_rule: { id: 'r2' } },
      ),
      write('DELETE', '/v2.0/security-group-rules/r1'),
      write('PUT', '/v2.0/ports/p1'),
    );
    ledger.read({ security_groups: [{ id, security_group_rules: [{ id: 'r1', security_group_id: id }] }] });
    ledger.read({ ports: [{ id: 'p1', device_id: id }] });
    expect(counts(ledger)).toEqual([4, 0]);
    expect(ledger.ofNobody()).toEqual([]);
  });

  it('tells what carries no stamp by a name nobody else has', () => {
    const ledger = ledgerOf(
      write('POST', '/v2.1/os-keypairs', { keypair: { name: 'key-of-one' } }, { keypair: { name: 'key-of-one' } }),
      write('DELETE', '/v2.1/os-keypairs/key-of-one'),
    );
    ledger.mark('one', 'key-of-one');
    expect(counts(ledger)).toEqual([2, 0]);
  });

  it('tells an image made of a server by the server, and knows the image from then on', () => {
    const image = '44444444-4444-4444-8444-444444444444';
    const ledger = ledgerOf(
      write('POST', '/v2.1/servers', { server: { metadata: { 'stackwarden.uid': uid } } }, { server: { id } }),
      write('POST', `/v2.1/servers/${id}/action`, { createImage: { name: 'x' } }, { image_id: image }),
      write('PATCH', `/v2/images/${image}`, [{ op: 'replace' }]),
    );
    expect(counts(ledger)).toEqual([3, 0]);
    expect(ledger.owns('one', { id: image })).toBe(true);
    expect(ledger.owns('other', { id: image })).toBe(false);
  });

  it('holds a write of nobody known against everybody', () => {
    const ledger = ledgerOf(write('DELETE', `/v2.0/networks/${id}`));
    expect(counts(ledger)).toEqual([1, 1]);
    expect(ledger.ofNobody()).toHaveLength(1);
  });

  it('counts only as far as it is asked', () => {
    const ledger = ledgerOf(created('/v2.0/networks', 'network'), write('PUT', `/v2.0/networks/${id}`));
    expect(ledger.of('one', 1)).toHaveLength(1);
  });
});
