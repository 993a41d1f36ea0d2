/** What a route is listed with in the description of the API. */
export interface Summary {
  /** What one gets or does, in a few words, without a full stop. */
  readonly summary: string;
  /** The noun it stands under. */
  readonly tag: string;
  /** Types of body other than JSON that it takes. */
  readonly consumes?: readonly string[];
}

/** Of routes whose schema says nothing; by method and path as they are registered. A test names each route that is in neither. */
export const summaries: Readonly<Record<string, Summary>> = {
  'GET /metrics': { summary: 'Metrics in the text format of Prometheus', tag: 'Metrics' },
  'GET /api/v1/openapi.json': { summary: 'This description of the API', tag: 'About' },
  'GET /api/v1/problems': { summary: 'Every problem an answer can tell of, and what to do', tag: 'About' },
  'GET /problems/:title': { summary: 'One problem and what to do; the type of a problem leads here', tag: 'About' },
  'GET /api/v1/audit': { summary: 'Entries of the audit log, newest first', tag: 'Audit' },
  'GET /api/v1/audit/verify': { summary: 'Check the chain of the audit log', tag: 'Audit' },
  'GET /api/v1/clusters/:cluster/undeclared': { summary: 'What a cloud holds and nobody declared', tag: 'Clusters' },
  'POST /api/v1/clusters/:cluster/export': { summary: 'Manifests for what a cloud holds and nobody declared', tag: 'Clusters' },
  'POST /api/v1/plan': {
    summary: 'What applying manifests would do; nothing is written',
    tag: 'Plan',
    consumes: ['application/json', 'application/yaml'],
  },
  'GET /api/v1/objects': { summary: 'Objects as they were declared, now or at a time', tag: 'History' },
  'GET /api/v1/objects/:kind/:namespace/:name': { summary: 'An object as it was declared and observed, now or at a time', tag: 'History' },
  'GET /api/v1/objects/:kind/:namespace/:name/revisions': { summary: 'Revisions of an object, newest first', tag: 'History' },
  'GET /api/v1/objects/:kind/:namespace/:name/revisions/:revision': { summary: 'One revision, and what it changed', tag: 'History' },
  'POST /api/v1/objects/:kind/:namespace/:name/revisions/:revision/plan': {
    summary: 'What going back to a revision would do',
    tag: 'History',
  },
  'POST /api/v1/objects/:kind/:namespace/:name/revisions/:revision/apply': { summary: 'Go back to a revision, as planned', tag: 'History' },
  'GET /api/v1/inventory/:cluster': { summary: 'What a cloud held, now or at a time', tag: 'History' },
};
