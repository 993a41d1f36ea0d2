import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { Kubectl } from './kubectl.ts';

let server: ApiServer;
let kubectl: Kubectl;

const manifest = (name: string, more = '') => `apiVersion: demo.stackwarden.io/v1alpha1
kind: Widget
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  sizeGiB: 5
  ports:
  - port: 80
${more}`;

beforeAll(async () => {
  server = await startApiServer();
  kubectl = new Kubectl(server.url);
});

afterAll(async () => {
  kubectl.end();
  await server.stop();
});

describe('kubectl apply and diff', () => {
  test('apply creates, then finds nothing to do, then configures; diff tells by its exit code', async () => {
    // Without the list: kubectl sees the default in its item as a difference each time, on any server, and says "configured".
    const plain = manifest('a').replace('  ports:\n  - port: 80\n', '');
    const file = kubectl.file('a.yaml', plain);
    expect((await kubectl.run(['diff', '-f', file])).code).toBe(1);
    expect(await kubectl.ok(['apply', '-f', file])).toBe('widget.demo.stackwarden.io/a created\n');
    expect(await kubectl.ok(['apply', '-f', file])).toBe('widget.demo.stackwarden.io/a unchanged\n');
    expect((await kubectl.run(['diff', '-f', file])).code).toBe(0);
    kubectl.file('a.yaml', plain.replace('sizeGiB: 5', 'sizeGiB: 6'));
    const diff = await kubectl.run(['diff', '-f', file]);
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^-  sizeGiB: 5\n\+  sizeGiB: 6$/m);
    expect(await kubectl.ok(['apply', '-f', file])).toBe('widget.demo.stackwarden.io/a configured\n');
    expect(await kubectl.ok(['get', 'wd', 'a', '-o', 'jsonpath={.spec.sizeGiB} {.spec.mode} {.metadata.generation}'])).toBe('6 Fast 2');
  });

  test('apply of built-in kinds merges strategically and removes what left the file', async () => {
    const file = kubectl.file(
      'built-in.yaml',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: team}\ndata: {a: "1", b: "2"}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: team}\nstringData: {password: hunter2}\n',
    );
    expect(await kubectl.ok(['apply', '-f', file])).toBe('namespace/team created\nconfigmap/m created\nsecret/s created\n');
    kubectl.file('built-in.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: team}\ndata: {b: "3"}\n');
    expect(await kubectl.ok(['apply', '-f', file])).toBe('configmap/m configured\n');
    expect(await kubectl.ok(['get', 'cm', 'm', '-n', 'team', '-o', 'jsonpath={.data}'])).toBe('{"b":"3"}');
    expect(await kubectl.ok(['get', 'secret', 's', '-n', 'team', '-o', 'jsonpath={.data.password}'])).toBe('aHVudGVyMg==');
  });

  test('a typing error is refused before anything is written, in the words of Kubernetes', async () => {
    const { code, stderr } = await kubectl.run(['apply', '-f', '-'], { stdin: manifest('typo', '  colour: red\n') });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Widget in version "v1alpha1" cannot be handled as a Widget: strict decoding error: unknown field "spec.colour"',
    );
    const wrong = await kubectl.run(['apply', '-f', '-'], { stdin: manifest('wrong').replace('sizeGiB: 5', 'sizeGiB: 0\n  mode: Lazy') });
    expect(wrong.stderr).toContain('The Widget "wrong" is invalid:');
    expect(wrong.stderr).toContain('* spec.sizeGiB: Invalid value: 0: spec.sizeGiB in body should be greater than or equal to 1');
    expect(wrong.stderr).toContain('* spec.mode: Unsupported value: "Lazy": supported values: "Fast", "Slow"');
    expect((await kubectl.run(['get', 'widget', 'typo'])).stderr).toBe(
      'Error from server (NotFound): widgets.demo.stackwarden.io "typo" not found\n',
    );
  });

  test('with --validate=warn the typing error is a warning', async () => {
    const { code, stderr } = await kubectl.run(['apply', '--validate=warn', '-f', '-'], { stdin: manifest('warned', '  colour: red\n') });
    expect(code).toBe(0);
    expect(stderr).toContain('Warning: unknown field "spec.colour"');
  });

  test('--dry-run=server answers as if, and leaves nothing', async () => {
    expect(await kubectl.ok(['apply', '--dry-run=server', '-f', '-'], { stdin: manifest('dry') })).toBe(
      'widget.demo.stackwarden.io/dry created (server dry run)\n',
    );
    expect((await kubectl.run(['get', 'widget', 'dry'])).code).toBe(1);
  });

  test('--server-side is refused and says what to do', async () => {
    const { code, stderr } = await kubectl.run(['apply', '--server-side', '-f', '-'], { stdin: manifest('a') });
    expect(code).toBe(1);
    expect(stderr).toContain('server-side apply is not offered here');
  });
});

describe('kubectl get', () => {
  test('prints the columns of the kind, more of them with -o wide, and whole objects as YAML', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('shown') });
    expect(await kubectl.ok(['get', 'widgets', 'shown'])).toMatch(/^NAME +SIZE +READY +AGE\nshown +5 +\d+s\n$/);
    expect(await kubectl.ok(['get', 'wd', 'shown', '-o', 'wide'])).toMatch(/^NAME +SIZE +READY +MODE +AGE\nshown +5 +Fast +\d+s\n$/);
    expect(await kubectl.ok(['get', 'widget/shown', '-o', 'yaml'])).toContain('  ports:\n  - port: 80\n    protocol: TCP\n  sizeGiB: 5\n');
    expect(await kubectl.ok(['get', 'all', '-l', 'app in (shown),app!=x', '-o', 'name'])).toBe('widget.demo.stackwarden.io/shown\n');
    expect(await kubectl.ok(['get', 'widgets', '-A', '--field-selector', 'metadata.name=shown', '-o', 'name', '--chunk-size=1'])).toBe(
      'widget.demo.stackwarden.io/shown\n',
    );
  });

  test('-w follows changes', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('watched') });
    const { lines, child } = kubectl.follow(['get', 'widgets', '--field-selector=metadata.name=watched', '-w', '--output-watch-events']);
    try {
      await vi.waitFor(() => expect(lines.at(-1)).toMatch(/^ADDED +watched +5 /), 60_000);
      await kubectl.ok(['patch', 'widget', 'watched', '--type=merge', '-p', '{"spec":{"sizeGiB":9}}']);
      await vi.waitFor(() => expect(lines.at(-1)).toMatch(/^MODIFIED +watched +9 /), 60_000);
      await kubectl.ok(['delete', 'widget', 'watched']);
      await vi.waitFor(() => expect(lines.at(-1)).toMatch(/^DELETED +watched +9 /), 60_000);
    } finally {
      child.kill();
    }
  });
});

describe('kubectl changes objects', () => {
  test('edit, patch, label, annotate, replace', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('changed') });
    const editor = kubectl.file('editor', '#!/bin/sh\nsed -i "s/sizeGiB: 5/sizeGiB: 7/" "$1"\n', 0o700);
    expect(await kubectl.ok(['edit', 'widget', 'changed'], { env: { KUBE_EDITOR: editor } })).toBe(
      'widget.demo.stackwarden.io/changed edited\n',
    );
    await kubectl.ok(['patch', 'widget', 'changed', '--type=json', '-p', '[{"op":"replace","path":"/spec/mode","value":"Slow"}]']);
    await kubectl.ok(['label', 'widget', 'changed', 'tier=front', 'app-']);
    await kubectl.ok(['annotate', 'widget', 'changed', 'note=hello']);
    const text = await kubectl.ok(['get', 'widget', 'changed', '-o', 'json']);
    const object = JSON.parse(text) as { spec: object; metadata: { labels: object; generation: number } };
    expect(object.spec).toMatchObject({ sizeGiB: 7, mode: 'Slow' });
    expect(object.metadata).toMatchObject({ labels: { tier: 'front' }, annotations: { note: 'hello' }, generation: 3 });
    await kubectl.ok(['replace', '-f', '-'], { stdin: text.replace('"sizeGiB": 7', '"sizeGiB": 8') });
    const { stderr } = await kubectl.run(['replace', '-f', '-'], { stdin: text.replace('"sizeGiB": 7', '"sizeGiB": 9') });
    expect(stderr).toContain('Operation cannot be fulfilled on widgets.demo.stackwarden.io "changed": the object has been modified');
  });

  test('create of each built-in kind, and create with generateName', async () => {
    await kubectl.ok(['create', 'configmap', 'made', '--from-literal=a=b']);
    await kubectl.ok(['create', 'secret', 'generic', 'made', '--from-literal=a=b']);
    await kubectl.ok(['create', 'namespace', 'made']);
    const stdin = manifest('x').replace('name: x', 'generateName: many-');
    const made = await Promise.all([1, 2].map(() => kubectl.ok(['create', '-f', '-', '-o', 'name'], { stdin })));
    expect(new Set(made).size).toBe(2);
    expect((await kubectl.run(['create', 'configmap', 'made'])).stderr).toContain('configmaps "made" already exists');
  });

  test('the status subresource is written apart from the rest', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('status') });
    const status = '{"status":{"phase":"Up","conditions":[{"type":"Ready","status":"True"}]},"spec":{"sizeGiB":50}}';
    await kubectl.ok(['patch', 'widget', 'status', '--subresource=status', '--type=merge', '-p', status]);
    await kubectl.ok(['patch', 'widget', 'status', '--type=merge', '-p', '{"status":{"phase":"Lost"}}']);
    expect(await kubectl.ok(['get', 'widget', 'status', '-o', 'jsonpath={.spec.sizeGiB} {.status.phase} {.metadata.generation}'])).toBe(
      '5 Up 1',
    );
  });
});

describe('kubectl wait and delete', () => {
  test('wait returns when the condition is there', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('waited') });
    const waiting = kubectl.ok(['wait', 'widget/waited', '--for=condition=Ready', '--timeout=120s']);
    const status = '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}';
    await kubectl.ok(['patch', 'widget', 'waited', '--subresource=status', '--type=merge', '-p', status]);
    expect(await waiting).toBe('widget.demo.stackwarden.io/waited condition met\n');
  });

  test('delete waits for the finalizer', async () => {
    await kubectl.ok(['apply', '-f', '-'], {
      stdin: manifest('held').replace('  labels:', '  finalizers: [demo.stackwarden.io/hold]\n  labels:'),
    });
    let isDone = false;
    const deleting = kubectl.ok(['delete', 'widget', 'held', '--cascade=foreground']).then((output) => {
      isDone = true;
      return output;
    });
    await vi.waitFor(
      async () => expect(await kubectl.ok(['get', 'widget', 'held', '-o', 'jsonpath={.metadata.deletionTimestamp}'])).not.toBe(''),
      60_000,
    );
    expect(isDone).toBe(false);
    await kubectl.ok(['patch', 'widget', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    expect(await deleting).toBe('widget.demo.stackwarden.io "held" deleted\n');
    expect((await kubectl.run(['get', 'widget', 'held'])).code).toBe(1);
  });

  test('delete by selector, with each cascade, and of all', async () => {
    for (const cascade of ['background', 'orphan', 'foreground']) {
      await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('gone') });
      await kubectl.ok(['delete', 'widgets', '-l', 'app=gone', `--cascade=${cascade}`]);
    }
    await kubectl.ok(['delete', 'widgets', '--all', '--wait=false']);
    expect((await kubectl.run(['get', 'widgets'])).stderr).toBe('No resources found in default namespace.\n');
  });

  test('a namespace goes with everything in it, and waits for finalizers and says so', async () => {
    await kubectl.ok(['create', 'namespace', 'leaving']);
    const held = manifest('held').replace('  labels:', '  namespace: leaving\n  finalizers: [demo.stackwarden.io/hold]\n  labels:');
    await kubectl.ok(['apply', '-f', '-'], { stdin: held });
    await kubectl.ok(['create', 'secret', 'generic', 'needed', '-n', 'leaving', '--from-literal=a=b']);
    await kubectl.ok(['delete', 'namespace', 'leaving', '--wait=false']);
    await vi.waitFor(
      async () => expect(await kubectl.ok(['get', 'ns', 'leaving', '-o', 'yaml'])).toContain('1 objects wait for their finalizers'),
      60_000,
    );
    expect(await kubectl.ok(['get', 'ns', 'leaving'])).toMatch(/leaving +Terminating/);
    // What the held object's controller may still need is there until it is done.
    expect(await kubectl.ok(['get', 'secret', 'needed', '-n', 'leaving', '-o', 'name'])).toBe('secret/needed\n');
    const { stderr } = await kubectl.run(['create', 'configmap', 'late', '-n', 'leaving']);
    expect(stderr).toContain('unable to create new content in namespace leaving because it is being terminated');
    await kubectl.ok(['patch', 'widget', 'held', '-n', 'leaving', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    await kubectl.ok(['wait', '--for=delete', 'namespace/leaving', '--timeout=120s']);
    expect((await kubectl.run(['get', 'secret', 'needed', '-n', 'leaving'])).code).toBe(1);
  });
});

describe('kubectl looks around', () => {
  test('explain, one level and all of them', async () => {
    const own = await kubectl.ok(['explain', 'widget.spec']);
    expect(own).toContain('GROUP:      demo.stackwarden.io');
    expect(own).toMatch(/sizeGiB\t<integer> -required-\n {4}Size in GiB\./);
    const all = await kubectl.ok(['explain', 'widget', '--recursive']);
    expect(all).toMatch(/ports\t<\[\]Object>\n {6}port\t<integer> -required-/);
    expect(await kubectl.ok(['explain', 'secret.data'])).toContain('base64');
  });

  test('api-resources, api-versions, version, cluster-info', async () => {
    expect(await kubectl.ok(['api-resources'])).toMatch(/widgets +wd +demo\.stackwarden\.io\/v1alpha1 +true +Widget/);
    expect(await kubectl.ok(['api-resources', '--verbs=list', '--namespaced', '--categories=all', '-o', 'name'])).toBe(
      'widgets.demo.stackwarden.io\n',
    );
    expect((await kubectl.ok(['api-versions'])).split('\n')).toEqual(
      expect.arrayContaining(['v1', 'coordination.k8s.io/v1', 'demo.stackwarden.io/v1alpha1']),
    );
    expect(await kubectl.ok(['version'])).toContain('Server Version: v1.32.0+stackwarden');
    expect((await kubectl.run(['cluster-info'])).stdout).toContain(`is running at`);
  });

  test('auth whoami and can-i', async () => {
    expect(await kubectl.ok(['auth', 'whoami'])).toMatch(/Username +admin/);
    expect(await kubectl.ok(['auth', 'can-i', 'delete', 'widgets'])).toBe('yes\n');
    expect(await kubectl.ok(['auth', 'can-i', '--list'])).toMatch(
      /^widgets\.demo\.stackwarden\.io .*\[get list watch create update patch delete deletecollection\]$/m,
    );
  });

  test('describe shows the object and its events', async () => {
    await kubectl.ok(['apply', '-f', '-'], { stdin: manifest('told') });
    const uid = await kubectl.ok(['get', 'widget', 'told', '-o', 'jsonpath={.metadata.uid}']);
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: 'told.', namespace: 'default' },
      involvedObject: { apiVersion: 'demo.stackwarden.io/v1alpha1', kind: 'Widget', name: 'told', namespace: 'default', uid },
      reason: 'Grown',
      message: 'It has grown',
      type: 'Normal',
      count: 2,
      firstTimestamp: new Date().toISOString(),
      lastTimestamp: new Date().toISOString(),
      source: { component: 'test' },
    };
    await kubectl.ok(['create', '-f', '-'], { stdin: JSON.stringify(event) });
    const text = await kubectl.ok(['describe', 'widget', 'told']);
    expect(text).toMatch(/Size Gi B: +5/);
    expect(text).toMatch(/Normal +Grown +\d+s \(x2 over \d+s\) +test +It has grown/);
    expect(await kubectl.ok(['events', '--for', 'widget/told'])).toMatch(/Normal +Grown +Widget\/told +It has grown/);
    expect(await kubectl.ok(['get', 'events'])).toMatch(/Normal +Grown +widget\/told +It has grown/);
    expect(await kubectl.ok(['get', 'events.events.k8s.io', '-o', 'jsonpath={.items[0].note}'])).toBe('It has grown');
    expect(await kubectl.ok(['describe', 'secret', 'made'])).toContain('a:  1 bytes');
    expect(await kubectl.ok(['describe', 'namespace', 'default'])).toMatch(/Status: +Active/);
  });
});

test('the audit hears of writes, and of no secret', () => {
  expect(server.changes.map(({ verb, resource, user }) => `${user.user} ${verb} ${resource}`)).toEqual(
    expect.arrayContaining(['admin create widgets', 'admin patch widgets', 'admin delete widgets', 'admin create secrets']),
  );
  expect(JSON.stringify(server.changes)).not.toMatch(/hunter2|aHVudGVyMg/);
});
