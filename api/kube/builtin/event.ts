import { invalidValue } from '../causes.ts';
import type { ApiObject, ResourceDefinition } from '../definition.ts';
import { type Behaviour, resource } from '../resource.ts';
import { isRecord, scalar } from '../schema.ts';
import { age } from '../table.ts';
import { describe, fields, objectReference, objectSchema, text, time, whole } from './schemas.ts';

const series = fields({ count: whole, lastObservedTime: time });
const source = fields({ component: text, host: text });
const names = { kind: 'Event', plural: 'events', singular: 'event', shortNames: ['ev'], namespaced: true, status: false } as const;

const columns: ResourceDefinition['columns'] = [
  { name: 'Last Seen', path: '.lastTimestamp', type: 'string' },
  { name: 'Type', path: '.type', type: 'string' },
  { name: 'Reason', path: '.reason', type: 'string' },
  { name: 'Object', path: '.involvedObject.name', type: 'string' },
  { name: 'Subobject', path: '.involvedObject.fieldPath', type: 'string', priority: 1 },
  { name: 'Source', path: '.source.component', type: 'string', priority: 1 },
  { name: 'Message', path: '.message', type: 'string' },
  { name: 'First Seen', path: '.firstTimestamp', type: 'string', priority: 1 },
  { name: 'Count', path: '.count', type: 'string', priority: 1 },
  { name: 'Name', path: '.metadata.name', type: 'string', priority: 1 },
].map((column) => ({ description: column.name, ...column }) as ResourceDefinition['columns'][number]);

const shared: Behaviour = { isBuiltIn: true, hasGeneration: false, allowsUnconditionalUpdate: true, storage: 'events' };

const coreToGroup: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};
const groupToCore = Object.fromEntries(Object.entries(coreToGroup).map(([core, group]) => [group, core]));

/** Events of the core group: the stored form. */
export const coreEvents = resource(
  {
    group: '',
    version: 'v1',
    ...names,
    columns,
    schema: objectSchema('Event is a report of an event somewhere.', {
      involvedObject: describe(objectReference, 'The object this event is about.'),
      reason: describe(text, 'Why the action was taken, for machines.'),
      message: describe(text, 'What happened, for people.'),
      source: describe(source, 'The component reporting this event.'),
      firstTimestamp: describe(time, 'When it was first recorded.'),
      lastTimestamp: describe(time, 'When it was most recently recorded.'),
      count: describe(whole, 'How often it occurred.'),
      type: describe(text, 'Normal or Warning.'),
      eventTime: describe(time, 'When it was first observed.'),
      series: describe(series, 'The series this event represents.'),
      action: describe(text, 'What action was taken.'),
      related: objectReference,
      reportingComponent: describe(text, 'The controller that emitted it.'),
      reportingInstance: describe(text, 'The instance of it.'),
    }),
  },
  {
    ...shared,
    fields: coreFields,
    normalize(object) {
      for (const key of ['firstTimestamp', 'lastTimestamp', 'eventTime']) object[key] ??= null;
      for (const key of ['reportingComponent', 'reportingInstance']) object[key] ??= '';
      object.involvedObject ??= {};
      object.source ??= {};
    },
    check: (object) => checkNamespace(object, 'involvedObject'),
    cells,
  },
);

/** The same events as events.k8s.io/v1 shows them. */
export const groupEvents = resource(
  {
    group: 'events.k8s.io',
    version: 'v1',
    ...names,
    columns,
    schema: objectSchema('Event is a report of an event somewhere.', {
      regarding: describe(objectReference, 'The object this event is about.'),
      reason: describe(text, 'Why the action was taken, for machines.'),
      note: describe(text, 'What happened, for people.'),
      type: describe(text, 'Normal or Warning.'),
      eventTime: describe(time, 'When it was first observed.'),
      series: describe(series, 'The series this event represents.'),
      action: describe(text, 'What action was taken.'),
      related: objectReference,
      reportingController: describe(text, 'The controller that emitted it.'),
      reportingInstance: describe(text, 'The instance of it.'),
      deprecatedSource: source,
      deprecatedFirstTimestamp: time,
      deprecatedLastTimestamp: time,
      deprecatedCount: whole,
    }),
  },
  {
    ...shared,
    view: {
      read: (stored) => withoutEmpty(renamed(stored, 'events.k8s.io/v1', coreToGroup)),
      write: (sent) => renamed(sent, 'v1', groupToCore),
    },
    fields(object) {
      const core = coreFields(renamed(object, 'v1', groupToCore));
      return Object.fromEntries(
        Object.entries(core).map(([key, value]) => [
          key.replace('involvedObject', 'regarding').replace('reportingComponent', 'reportingController'),
          value,
        ]),
      );
    },
    normalize(object) {
      object.eventTime ??= null;
    },
    check: (object) => checkNamespace(object, 'regarding'),
    cells: (object, now) => cells(renamed(object, 'v1', groupToCore), now),
  },
);

/** The core form always has these; this one leaves them out when nobody set them. */
function withoutEmpty(event: ApiObject): ApiObject {
  for (const key of ['reportingController', 'reportingInstance']) if (event[key] === '') delete event[key];
  return event;
}

function renamed(object: ApiObject, apiVersion: string, names: Readonly<Record<string, string>>): ApiObject {
  return { ...Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value])), apiVersion } as ApiObject;
}

function coreFields(object: ApiObject): Record<string, string> {
  const involved = isRecord(object.involvedObject) ? object.involvedObject : {};
  const reporter = isRecord(object.source) ? object.source.component : undefined;
  const parts = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
  return {
    ...Object.fromEntries(parts.map((part) => [`involvedObject.${part}`, scalar(involved[part])])),
    reason: scalar(object.reason),
    type: scalar(object.type),
    reportingComponent: scalar(object.reportingComponent || reporter),
    source: scalar(reporter || object.reportingComponent),
  };
}

/** An event lives in the namespace of what it is about, or in `default` when that has none. */
function checkNamespace(object: ApiObject, field: string): ReturnType<typeof invalidValue>[] {
  const about = object[field];
  const namespace = isRecord(about) && typeof about.namespace === 'string' ? about.namespace : '';
  const own = object.metadata.namespace ?? '';
  const fits = namespace === '' ? own === 'default' || own === 'kube-system' : namespace === own;
  return fits ? [] : [invalidValue(`${field}.namespace`, namespace, 'does not match event.namespace')];
}

function cells(event: ApiObject, now: number): (string | number | null)[] {
  const involved = isRecord(event.involvedObject) ? event.involvedObject : {};
  const reporter = isRecord(event.source) ? event.source : {};
  const run = isRecord(event.series) ? event.series : undefined;
  const first = stamp(event.firstTimestamp) ?? stamp(event.eventTime);
  const last = stamp(run?.lastObservedTime) ?? stamp(event.lastTimestamp) ?? first;
  const component = scalar(reporter.component ?? event.reportingComponent);
  return [
    age(last, now),
    scalar(event.type),
    scalar(event.reason),
    `${scalar(involved.kind).toLowerCase()}/${scalar(involved.name)}`,
    scalar(involved.fieldPath),
    reporter.host ? `${component}, ${scalar(reporter.host)}` : component,
    scalar(event.message).trim(),
    age(first, now),
    Number(run?.count ?? event.count ?? 1),
    event.metadata.name,
  ];
}

function stamp(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
