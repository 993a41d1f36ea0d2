import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';

/** Who writes an object from a repository, in words; undefined when nobody is known to. */
export function gitOpsOwner({ metadata: { labels = {}, annotations = {} } }: Pick<KubeObject, 'metadata'>): string | undefined {
  const flux = labels['kustomize.toolkit.fluxcd.io/name'];
  if (flux !== undefined) return `Flux (Kustomization ${labels['kustomize.toolkit.fluxcd.io/namespace'] ?? ''}/${flux})`;
  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (release !== undefined) return `Flux (HelmRelease ${labels['helm.toolkit.fluxcd.io/namespace'] ?? ''}/${release})`;
  const argo = labels['argocd.argoproj.io/instance'] ?? annotations['argocd.argoproj.io/tracking-id']?.split(':', 1)[0];
  if (argo !== undefined) return `Argo CD (application ${argo})`;
  if (labels['app.kubernetes.io/managed-by'] === 'Helm') return `Helm (release ${annotations['meta.helm.sh/release-name'] ?? 'unknown'})`;
  return undefined;
}

/** The fields of a merge patch of the spec that the declaration has already: those the repository owns. */
export function ownedFields(spec: JsonObject, patch: JsonObject): string[] {
  return Object.keys(patch).filter((field) => spec[field] !== undefined);
}
