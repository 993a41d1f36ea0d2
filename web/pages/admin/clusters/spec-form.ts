import type { ClusterSpec } from '../../../data/connections.ts';

export type MaintenanceWindow = NonNullable<ClusterSpec['maintenanceWindows']>[number];

/** How a cloud is treated, as people fill it in: '' leaves it to the default. */
export interface SpecForm {
  readonly region: string;
  readonly interface: string;
  readonly caBundle: string;
  readonly sweepInterval: string;
  readonly concurrency: string;
  readonly requestsPerSecond: string;
  readonly recreations: string;
  readonly driftPolicy: string;
  /** Names with commas between. */
  readonly allowedNamespaces: string;
  readonly maintenanceWindows: readonly MaintenanceWindow[];
}

export function formOf(spec: ClusterSpec): SpecForm {
  const { limits = {} } = spec;
  return {
    region: spec.region ?? '',
    interface: spec.interface ?? '',
    caBundle: spec.caBundle ?? '',
    sweepInterval: spec.sweepInterval ?? '',
    concurrency: String(limits.concurrency ?? ''),
    requestsPerSecond: String(limits.requestsPerSecond ?? ''),
    recreations: String(limits.recreations ?? ''),
    driftPolicy: spec.driftPolicy ?? '',
    allowedNamespaces: (spec.allowedNamespaces ?? []).join(', '),
    maintenanceWindows: spec.maintenanceWindows ?? [],
  };
}

/** The merge patch from the spec to what was filled in: only what differs, null for what is left to the default. */
export function patchOf(spec: ClusterSpec, form: SpecForm): Readonly<Record<string, unknown>> {
  const before = formOf(spec);
  const texts = ['region', 'interface', 'caBundle', 'sweepInterval', 'driftPolicy'] as const;
  const counts = ['concurrency', 'requestsPerSecond', 'recreations'] as const;
  const limits = counts.filter((name) => form[name].trim() !== before[name]).map((name) => [name, countOf(form[name])] as const);
  const namespaces = namesIn(form.allowedNamespaces);
  const windows = form.maintenanceWindows;
  return {
    ...Object.fromEntries(
      texts.filter((name) => form[name].trim() !== before[name].trim()).map((name) => [name, form[name].trim() || null]),
    ),
    ...(limits.length > 0 && { limits: Object.fromEntries(limits) }),
    ...(namespaces.join() !== (spec.allowedNamespaces ?? []).join() && { allowedNamespaces: namespaces.length > 0 ? namespaces : null }),
    ...(JSON.stringify(windows) !== JSON.stringify(before.maintenanceWindows) && {
      maintenanceWindows: windows.length > 0 ? windows : null,
    }),
  };
}

/** What is no number goes as it is: the server says what it takes. */
function countOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function namesIn(text: string): readonly string[] {
  return text.split(/[\s,，、]+/).filter((name) => name !== '');
}
