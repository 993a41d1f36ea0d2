/** Who sent a request, in Kubernetes' terms: the same people use kubectl, the REST API and (later) the browser. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The reconciler's own name in audit and events. */
export const controllerIdentity: Identity = { user: 'system:stackwarden-controller', groups: ['system:masters', 'system:authenticated'] };
export const adminGroups = ['system:masters', 'system:authenticated'] as const;
