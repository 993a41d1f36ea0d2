import { stringify } from 'yaml';
import type { Export, LeftOut, Manifest } from '#controller/export/export-manifests.ts';

/** An export as one YAML stream; comments at its top say what was left out, and what else to know. */
export function exportYaml({ manifests, leftOut, notes }: Export, from: { cluster: string; namespace: string }): string {
  const head = [
    `${counted(manifests.length, 'object')} of namespace ${from.namespace} for what nobody declared in Cluster ${from.cluster}.`,
    ...(manifests.length > 0 ? ['They only observe; once their plan is empty, set managementPolicy to Manage.'] : []),
    ...leftOut.map((one) => `Left out: ${leftOutLine(one)}`),
    ...notes.map((note) => `Note: ${note}`),
  ];
  return [head.map((line) => `# ${oneLine(line)}\n`).join(''), ...manifests.map(manifestYaml)].join('---\n');
}

/** One manifest as a YAML document. */
export function manifestYaml(manifest: Manifest): string {
  return stringify(manifest, { lineWidth: 0 });
}

/** `Volume data (ID): why`. */
export function leftOutLine({ kind, name, id, reason }: LeftOut): string {
  return oneLine(`${kind} ${name === '' ? 'without a name' : name} (${id}): ${reason}`);
}

/** `1 object`, `2 objects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names come from the cloud, and whatever breaks a line would end a comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
