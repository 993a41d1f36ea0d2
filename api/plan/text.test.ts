import { describe, expect, it } from 'vitest';
import type { ObjectPlan } from '#controller/engine/set-plan.ts';
import type { Declaration } from './declarations.ts';
import type { ManifestPlan } from './plan-manifests.ts';
import { countsOf, summaryLine, verdictOf } from './summary.ts';
import { planText } from './text.ts';
import { warningsOf } from './warnings.ts';

const object = (fields: Partial<ObjectPlan>): ObjectPlan => ({
  kind: 'Volume',
  namespace: 'default',
  name: 'data',
  cluster: 'main',
  action: 'none',
  changes: [],
  losesData: false,
  ...fields,
});
const declared = (action: Declaration['action'], fields: Partial<Declaration> = {}): Declaration => ({
  kind: 'Volume',
  namespace: 'default',
  name: 'data',
  action,
  changes: [],
  ...fields,
});
const planOf = (objects: readonly ObjectPlan[], more: Partial<ManifestPlan> = {}): ManifestPlan => ({
  objects,
  gaps: [],
  declarations: [],
  ...more,
});
const text = (...objects: ObjectPlan[]) => planText(planOf(objects));

describe('a plan as text', () => {
  it('has a block for every object that changes, and a sum', () => {
    const plan = planOf([
      object({ kind: 'Network', name: 'front', action: 'create' }),
      object({ id: 'v-1', action: 'update', changes: [{ path: 'spec.sizeGiB', from: 1, to: 2 }] }),
      object({ name: 'same' }),
      object({ name: 'too' }),
    ]);
    expect(planText(plan)).toBe(
      [
        '+ Network default/front  (main)',
        '~ Volume default/data  (main v-1)',
        '    spec.sizeGiB: 1 -> 2',
        'Plan: 1 to create, 1 to change; 2 as declared.',
        '',
      ].join('\n'),
    );
  });

  it('names the field that forces a replacement or a rebuild, and what is lost', () => {
    const changes = [
      { path: 'spec.availabilityZone', from: 'nova', to: 'b', by: 'replace' } as const,
      { path: 'spec.sizeGiB', from: 1, to: 2 },
    ];
    const replaced = text(object({ action: 'replace', changes, losesData: true }));
    expect(replaced).toContain('± Volume default/data');
    expect(replaced).toContain('spec.availabilityZone: "nova" -> "b"  (forces replacement)\n');
    expect(replaced).toContain('spec.sizeGiB: 1 -> 2\n');
    expect(replaced).toMatch(/^ {4}DATA LOSS: it is deleted/m);
    const rebuilt = text(
      object({
        kind: 'Instance',
        action: 'rebuild',
        changes: [{ path: 'spec.image', from: 'a', to: 'b', by: 'rebuild' }],
        losesData: true,
      }),
    );
    expect(rebuilt).toContain('(forces a rebuild)');
    expect(rebuilt).toContain('DATA LOSS: its root disk');
    expect(text(object({ action: 'delete' }))).not.toContain('DATA LOSS');
  });

  it('tells what is known only later, and what is absent', () => {
    const changes = [
      { path: 'spec.networkRef', from: null, to: '', isUnknown: true } as const,
      { path: 'spec.description', from: 'old', to: null },
    ];
    expect(text(object({ action: 'update', changes }))).toContain('spec.networkRef: (none) -> (known after apply)');
    expect(text(object({ action: 'update', changes }))).toContain('spec.description: "old" -> (none)');
  });

  it.each([
    ['delete', '-'],
    ['adopt', '='],
    ['blocked', '!'],
    ['unknown', '?'],
    ['wait', '?'],
    ['release', '-'],
    ['report', '~'],
  ] as const)('marks %s with %s and says why', (action, sign) => {
    const why = { reason: 'Because', message: 'Somebody has to look.' };
    expect(text(object({ action, why }))).toContain(`${sign} Volume default/data`);
    expect(text(object({ action, why }))).toContain('    Somebody has to look. (Because)');
  });

  it('names the gaps last', () => {
    const gaps = [{ cluster: 'far', reason: 'Unreachable', message: 'No answer.' }];
    expect(
      planText(planOf([object({ action: 'unknown' })], { gaps }))
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toBe('GAP: Cluster far: No answer. (Unreachable)');
  });

  it('shows what changes in the declaration only, once', () => {
    const change = { path: 'spec.driftPolicy', from: null, to: 'Report' };
    const shown = planText(planOf([object({})], { declarations: [declared('update', { changes: [change] })] }));
    expect(shown).toContain('~ Volume default/data  the declaration only\n    spec.driftPolicy: (none) -> "Report"');
    const told = planText(planOf([object({ action: 'create' })], { declarations: [declared('create')] }));
    expect(told).not.toContain('declaration only');
  });

  it('has no colour unless asked for', () => {
    const plan = planOf([object({ action: 'delete' })]);
    expect(planText(plan)).not.toContain('\u001b');
    expect(planText(plan, { color: true })).toContain('\u001b[31m');
  });

  it('lets nothing from a cloud play with the terminal', () => {
    const changes = [{ path: 'spec.tags[\u001b[2J]', from: 'a\u202eb', to: `\u009b31m` }];
    const shown = text(object({ action: 'update', changes, why: { reason: 'R', message: 'x\u001b[1m\ny' } }));
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(shown.trimEnd().split('\n')).toHaveLength(4);
  });

  it('cuts a value that is too long to read', () => {
    expect(text(object({ action: 'update', changes: [{ path: 'p', from: null, to: 'x'.repeat(5000) }] })).length).toBeLessThan(500);
  });
});

describe('what comes of a plan', () => {
  it.each([
    ['nothing', planOf([object({}), object({ action: 'report' })], { declarations: [declared('none')] })],
    ['nothing', planOf([object({ id: 'v-1' })], { declarations: [declared('create')] })],
    ['changes', planOf([object({ why: { reason: 'Paused', message: 'm' } })], { declarations: [declared('create')] })],
    ['changes', planOf([object({})], { declarations: [declared('update')] })],
    ['changes', planOf([object({ action: 'create' })])],
    ['changes', planOf([object({ action: 'release' })])],
    ['changes', planOf([], { declarations: [declared('create', { kind: 'Secret' })] })],
    ['incomplete', planOf([object({ action: 'create' }), object({ action: 'blocked' })])],
    ['incomplete', planOf([object({ action: 'wait' })])],
    ['incomplete', planOf([object({ action: 'create' })], { gaps: [{ cluster: 'c', reason: 'R', message: 'm' }] })],
  ])('is %s', (verdict, plan) => {
    expect(verdictOf(plan)).toBe(verdict);
  });

  it('is counted by action', () => {
    const plan = planOf([object({ action: 'create' }), object({ name: 'b', action: 'create' }), object({ name: 'c' })]);
    expect(countsOf(plan)).toMatchObject({ create: 2, none: 1, delete: 0, declarationOnly: 0 });
    expect(summaryLine(planOf([]))).toBe('Plan: nothing to do.');
  });
});

describe('the plan of one object as warnings', () => {
  it.each([
    [object({ action: 'create' }), ['plan: would create Volume default/data on main']],
    [
      object({ id: 'v-1', action: 'update', changes: [{ path: 'spec.sizeGiB', from: 1, to: 2 }] }),
      ['plan: would change Volume default/data (v-1): spec.sizeGiB: 1 -> 2'],
    ],
    [
      object({ id: 'v-1', action: 'delete', losesData: true }),
      [
        'plan: would delete Volume default/data (v-1) from main with its data',
        'plan: DATA LOSS: Volume default/data: what is stored there is deleted with it.',
      ],
    ],
    [
      object({ action: 'blocked', why: { reason: 'X', message: 'Ask.' }, changes: [{ path: 'p', from: 1, to: 2, by: 'replace' }] }),
      ['plan: Volume default/data would stop: p: 1 -> 2  (forces replacement): Ask.'],
    ],
    [object({}), ['plan: no change of Volume default/data on main']],
  ])('says %j', (one, sentences) => {
    expect(warningsOf({ objects: [one], gaps: [] })).toEqual(sentences);
  });

  it('names the cloud that could not be looked at', () => {
    const gaps = [{ cluster: 'far', reason: 'Unreachable', message: 'No answer.' }];
    expect(warningsOf({ objects: [object({ action: 'unknown', cluster: 'far' })], gaps })).toEqual([
      'plan: what becomes of Volume default/data on far cannot be told',
      'plan: Cluster far could not be looked at: No answer.',
    ]);
  });

  it('lists no more fields than one can read', () => {
    const changes = Array.from({ length: 20 }, (_, index) => ({ path: `p${index}`, from: null, to: 1 }));
    expect(warningsOf({ objects: [object({ action: 'update', changes })], gaps: [] })[0]).toContain('and 12 more');
  });
});
