import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What a room's shipped code may import of ours; a room may always import itself. Longest prefix wins. */
const mayImport: Record<string, readonly string[]> = {
  'controller/engine': [],
  'controller/openstack': [],
  'controller/inventory': ['controller/openstack', 'migrations'],
  'controller/audit': ['controller/engine', 'migrations'],
  'controller/history': ['controller/engine', 'controller/inventory', 'migrations'],
  'controller/health': ['controller/engine', 'controller/openstack', 'migrations'],
  'controller/kinds': ['controller/engine', 'controller/openstack', 'controller/inventory'],
  'controller/lists': ['controller/engine', 'controller/inventory'],
  'controller/actions': ['controller/engine', 'controller/openstack', 'controller/inventory', 'controller/kinds'],
  'controller/operations': [
    'controller/engine',
    'controller/openstack',
    'controller/inventory',
    'controller/audit',
    'controller/actions',
    'migrations',
  ],
  controller: [
    'controller/engine',
    'controller/actions',
    'controller/operations',
    'controller/openstack',
    'controller/inventory',
    'controller/audit',
    'controller/history',
    'controller/health',
    'controller/kinds',
    'controller/lists',
    'migrations',
  ],
  'api/kube': ['migrations', 'controller/engine'],
  'api/http': ['api', 'api/kube', 'controller', 'migrations'],
  api: ['api/kube', 'api/http', 'controller', 'migrations'],
  crds: ['controller/kinds', 'controller/engine'],
  migrations: [],
  'examples/sandbox': [],
  web: ['api'],
};
const rooms = Object.keys(mayImport).toSorted((a, b) => b.length - a.length);
const roomOf = (path: string) => rooms.find((room) => path === room || path.startsWith(`${room}/`));

const sources = ['controller', 'api', 'crds', 'migrations', 'examples', 'web', 'tests'].flatMap(filesUnder);
const shipped = sources.filter((path) => !path.startsWith('tests/') && !/\.test\.ts$|-suite\.ts$/.test(path));

describe('the house', () => {
  it('has arrows that point one way', () => {
    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.flatMap(wrongImports)).toEqual([]);
  });

  it('keeps a kind from importing another kind', () => {
    const shared = new Set(['handle', 'index', ...sharedByKinds()]);
    const wrong = shipped
      .filter((path) => path.startsWith('controller/kinds/') && !isKindRegistry(path))
      .flatMap((path) => importsOf(path).map((target) => ({ path, target })))
      .filter(
        ({ path, target }) =>
          target.startsWith('controller/kinds/') && kindPart(path) !== kindPart(target) && !shared.has(kindPart(target)),
      )
      .map(({ path, target }) => `${path} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  it('never lets the engine hear of OpenStack', () => {
    const heard = sources.filter((path) => path.startsWith('controller/engine/') && /\bopenstack\b(?!\.stackwarden\.io)/i.test(read(path)));
    expect(heard).toEqual([]);
  });

  it('has a README of at most 40 lines in every room', () => {
    const lengths = [
      'controller',
      'controller/engine',
      'controller/kinds',
      'controller/openstack',
      'controller/inventory',
      'controller/audit',
      'controller/history',
      'controller/lists',
      'controller/health',
      'controller/actions',
      'controller/operations',
      'api',
      'api/actions',
      'api/auth',
      'api/http',
      'api/kube',
      'api/legacy',
      'api/plan',
      'api/shared',
      'api/terminal',
      'api/terminal/hosts',
      'api/terminal/recording',
      'api/terminal/ssh',
      'api/watch',
      'api/connections',
      'api/keys',
      'crds',
      'migrations',
      'examples',
      'examples/sandbox',
      'tests',
      'web',
      'helm',
    ].map((room) => [room, read(`${room}/README.md`).trimEnd().split('\n').length] as const);
    expect(lengths.filter(([, lines]) => lines > 40)).toEqual([]);
  });

  it('has no drawer for odds and ends, no default exports and no names of machines', () => {
    expect(sources.filter((path) => /\/(utils?|common|helpers?|lib)(\/|\.ts$)/.test(path))).toEqual([]);
    // A tool reads its configuration so.
    expect(shipped.filter((path) => !path.endsWith('.config.ts') && /^export default /m.test(read(path)))).toEqual([]);
    expect(sources.filter((path) => path !== 'tests/architecture.test.ts' && /\/work\/|\/\.library\/|farm-/.test(read(path)))).toEqual([]);
  });
});

function wrongImports(path: string): string[] {
  const room = roomOf(path);
  if (!room) return [];
  const allowed = [room, ...(mayImport[room] ?? [])];
  return importsOf(path)
    .filter((target) => !allowed.some((prefix) => target === prefix || (target.startsWith(`${prefix}/`) && isInside(prefix, target))))
    .map((target) => `${path} imports ${target}`);
}

/** `controller/x.ts` counts as allowed by `controller`, but `controller/engine/x.ts` only by a rule that names its room or `api`'s whole `controller`. */
function isInside(prefix: string, target: string): boolean {
  return roomOf(target) === prefix || prefix === 'controller' || prefix.split('/').length > 1;
}

/** Paths of ours that a file imports, relative to the root; packages and node: are left out. */
function importsOf(path: string): string[] {
  const found = read(path).matchAll(
    /^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...found]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((name) => name.startsWith('.') || name.startsWith('#'))
    .map((name) => (name.startsWith('#') ? name.slice(1) : relative(root, resolve(root, dirname(path), name))));
}

function kindPart(path: string): string {
  return (path.split('/')[2] ?? '').replace(/\.ts$/, '');
}

/** Files of controller/kinds that declare no kind serve all of them. */
function sharedByKinds(): string[] {
  return readdirSync(join(root, 'controller/kinds'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !declaresKind(name));
}

function declaresKind(name: string): boolean {
  const files = shipped.filter((path) => path.startsWith('controller/kinds/') && kindPart(path) === name);
  return files.some((path) => /:\s*Kind<|satisfies Kind</.test(read(path)));
}

function isKindRegistry(path: string): boolean {
  return ['index', 'definitions'].includes(kindPart(path));
}

function filesUnder(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules'));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
