import type { KubeAccess, KubeDecision } from '../access.ts';
import { type Api, shownAs, storageKey } from '../api.ts';
import type { User } from '../definition.ts';
import type { Resource } from '../resource.ts';
import { isRecord } from '../schema.ts';
import { badRequest } from '../status.ts';

/** A request for an answer, not an object: created, answered, never stored. */
export interface Review {
  readonly group: string;
  readonly version: 'v1';
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  /** The status of the answer; throws a Status. */
  answer(api: Api, user: User, spec: unknown): object | Promise<object>;
}

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const readVerbs = ['get', 'list', 'watch'];
/** What everybody known may read. */
const openPaths = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version'];

/** Who am I, and what may I. */
export const reviews: readonly Review[] = [
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectReview',
    plural: 'selfsubjectreviews',
    singular: 'selfsubjectreview',
    answer: (_api, user) => ({ userInfo: { username: user.user, groups: user.groups } }),
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    answer: (api, user, spec) => mayI(api, user, spec),
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    singular: 'selfsubjectrulesreview',
    answer: (api, user, spec) => rulesOf(api, user, spec),
  },
];

/** Which of these kinds a question is about, and what it wants to do with them. */
type Question = Pick<KubeAccess, 'verb' | 'subresource' | 'namespace' | 'name'>;

async function mayI(api: Api, user: User, spec: unknown): Promise<object> {
  const asked = isRecord(spec) ? spec : {};
  if (isRecord(asked.nonResourceAttributes))
    return mayIRead(textOf(asked.nonResourceAttributes, 'path'), textOf(asked.nonResourceAttributes, 'verb'));
  if (!isRecord(asked.resourceAttributes)) throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be set');
  const attributes = asked.resourceAttributes;
  const of = (name: string): string => textOf(attributes, name);
  const question = { verb: of('verb'), subresource: of('subresource'), namespace: of('namespace'), name: of('name') };
  const fits = (wanted: string, found: string) => wanted === '*' || wanted === found;
  const resources = api.resources.all.filter(({ group, plural }) => fits(of('group'), group) && fits(of('resource'), plural));
  if (resources.length === 0) return { allowed: false, reason: 'there is no such resource here' };
  for (const resource of resources) {
    const about = await objectOf(api, resource, question);
    for (const verb of question.verb === '*' ? verbs : [question.verb]) {
      if (!verbs.includes(verb)) return { allowed: false, reason: `there is no verb ${verb} here` };
      const decision = decide(api, user, resource, { ...question, verb }, about);
      if (!decision.allowed) return decision;
    }
  }
  return { allowed: true };
}

/** A question with a name is about that object, which stands in one cluster. */
async function objectOf(api: Api, resource: Resource, { namespace, name }: Question): Promise<KubeAccess['about']> {
  if (name === '') return 'all';
  const stored = await api.store.get(storageKey({ resource, namespace: resource.namespaced ? namespace : '', name }));
  return stored ? shownAs(resource, stored) : 'missing';
}

function decide(api: Api, user: User, resource: Resource, question: Question, about: KubeAccess['about']): KubeDecision {
  if (!api.authorize) return { allowed: true };
  const { group, plural, namespaced } = resource;
  const namespace = namespaced ? question.namespace : '';
  return api.authorize(user, { ...question, namespace, group, resource: plural, about, isDryRun: false });
}

function mayIRead(path: string, verb: string): object {
  const isOpen = openPaths.some((open) => open === path || (open.endsWith('/*') && path.startsWith(open.slice(0, -1))));
  if (isOpen && verb === 'get') return { allowed: true };
  return { allowed: false, reason: 'the platform answers there, not the Kubernetes API: POST /api/v1/access tells what you may' };
}

/** What somebody may in one namespace, whatever cluster an object names, and with what belongs to no namespace. */
function rulesOf(api: Api, user: User, spec: unknown): object {
  const namespace = isRecord(spec) ? textOf(spec, 'namespace') : '';
  const rules = api.resources.all.flatMap((resource) => {
    const { group, plural } = resource;
    const subresources = ['', ...(resource.subresources ?? []), ...(resource.status ? ['status'] : [])];
    return subresources.flatMap((subresource) => {
      const known = resource.isReadOnly ? readVerbs : subresource === '' ? verbs : ['get', 'update', 'patch'];
      const may = (verb: string, about: 'all' | 'missing') =>
        decide(api, user, resource, { verb, subresource, namespace, name: '' }, about).allowed;
      const allowed = known.filter((verb) => may(verb, 'all'));
      const isWhole = known.every((verb) => allowed.includes(verb) || !may(verb, 'missing'));
      return { isWhole, rule: { verbs: allowed, apiGroups: [group], resources: [subresource ? `${plural}/${subresource}` : plural] } };
    });
  });
  const isIncomplete = rules.some(({ isWhole }) => !isWhole);
  return {
    resourceRules: rules.map(({ rule }) => rule).filter(({ verbs }) => verbs.length > 0),
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: openPaths }],
    incomplete: isIncomplete,
    ...(isIncomplete && { evaluationError: 'some of your roles reach single clusters only: ask about an object by its name' }),
  };
}

function textOf(record: Readonly<Record<string, unknown>>, name: string): string {
  const value = record[name];
  return typeof value === 'string' ? value : '';
}
