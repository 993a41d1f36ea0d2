import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { JsonSchema } from '#controller/engine/json.ts';
import type { Column } from '#controller/engine/kind.ts';
import { type ResourceDefinition, resourceDefinitions } from '#controller/kinds/definitions.ts';

/** The CustomResourceDefinition of one kind, as `kubectl apply` takes it. */
export function customResourceDefinition(definition: ResourceDefinition): object {
  const { group, version, kind, plural, singular, shortNames, categories, namespaced, schema, columns } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: inWords(schema) },
          subresources: { status: {} },
          additionalPrinterColumns: columns.map(printerColumn),
        },
      ],
    },
  };
}

/**
 * A kube-apiserver leaves rules out once a schema is not matched, and then says only that some `oneOf` failed. Where a rule says the
 * same in words, the rule alone goes into the CRD.
 */
function inWords(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, oneOf, not, ...rest } = schema;
  const isSaid = schema['x-kubernetes-validations'] !== undefined;
  return {
    ...rest,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, inWords(field)])) }),
    ...(items && { items: inWords(items) }),
    ...(additionalProperties && { additionalProperties: inWords(additionalProperties) }),
    ...(oneOf && !isSaid && { oneOf }),
    ...(not && !isSaid && { not }),
  };
}

function printerColumn({ name, path, type, priority, description }: Column): object {
  return { name, type, jsonPath: path, ...(description !== undefined && { description }), ...(priority === 1 && { priority }) };
}

/** File name and content of every CRD. */
export function crdFiles(): Map<string, string> {
  const head = '# Generated from controller/kinds by crds/generate.ts; do not edit.\n';
  const text = (definition: ResourceDefinition) =>
    head + stringify(customResourceDefinition(definition), { lineWidth: 0, aliasDuplicateObjects: false });
  return new Map(resourceDefinitions().map((definition) => [`${definition.plural}.yaml`, text(definition)]));
}

/** Files in `dir` that are not what `crdFiles` says: missing, different, or left over. */
export function outdated(dir: string): string[] {
  const wanted = crdFiles();
  const there = new Map(yamlFiles(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
  return [...new Set([...wanted.keys(), ...there.keys()])].filter((name) => wanted.get(name) !== there.get(name)).toSorted();
}

function write(dir: string): void {
  const wanted = crdFiles();
  for (const name of yamlFiles(dir)) if (!wanted.has(name)) rmSync(join(dir, name));
  for (const [name, text] of wanted) writeFileSync(join(dir, name), text);
}

const yamlFiles = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.yaml'));

function main(args: readonly string[]): void {
  const dir = import.meta.dirname;
  if (!args.includes('--check')) {
    write(dir);
    return;
  }
  const wrong = outdated(dir);
  if (wrong.length === 0) return;
  console.error(`crds/ is not what the kinds declare: ${wrong.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exitCode = 1;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) main(process.argv.slice(2));
