import { stringify } from 'yaml';
import { type Api, shownAs, type Target } from './api.ts';
import type { ApiObject } from './definition.ts';
import type { ListPage } from './reads.ts';
import type { Form } from './request.ts';
import { type Include, partial, row, table } from './table.ts';

/** What is sent back. */
export interface Answer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
  readonly warnings?: readonly string[];
}

/** Any value in the syntax the client asked for. */
export function answer(form: Form, value: object, code = 200, warnings: readonly string[] = []): Answer {
  if (form.syntax === 'yaml') return { code, type: 'application/yaml', body: stringify(value), warnings };
  return { code, type: 'application/json', body: JSON.stringify(value), warnings };
}

/** One object: itself, as a table of one row, or its metadata. */
export function objectAnswer(
  api: Api,
  target: Target,
  form: Form,
  include: Include,
  object: ApiObject,
  code = 200,
  warnings: readonly string[] = [],
): Answer {
  const { tabulation } = target.resource;
  if (form.as === 'Table') {
    const rows = [row(tabulation, object, api.clock.now(), include)];
    return answer(form, table(tabulation, rows, { resourceVersion: object.metadata.resourceVersion ?? '' }), code, warnings);
  }
  return answer(form, form.as === 'object' ? object : partial(object), code, warnings);
}

/** A list: as objects (stored text goes through unread), a table, or metadata. */
export function listAnswer(api: Api, target: Target, form: Form, include: Include, page: ListPage): Answer {
  const { resource } = target;
  const metadata = {
    resourceVersion: String(page.version),
    ...(page.continue ? { continue: page.continue } : {}),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
  const head = { kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata };
  if (form.as === 'object' && form.syntax === 'json' && !resource.view) {
    const text = JSON.stringify(head).slice(0, -1);
    return { code: 200, type: 'application/json', body: `${text},"items":[${page.items.map((item) => item.body).join(',')}]}` };
  }
  const objects = page.items.map((item) => shownAs(resource, item));
  if (form.as === 'Table') {
    const rows = objects.map((object) => row(resource.tabulation, object, api.clock.now(), include));
    return answer(form, table(resource.tabulation, rows, metadata));
  }
  if (form.as === 'object') return answer(form, { ...head, items: objects });
  return answer(form, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) });
}
