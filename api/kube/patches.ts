import { invalidValue } from './causes.ts';
import { decodeJson } from './decode.ts';
import type { ApiObject } from './definition.ts';
import { type Incoming, readObject } from './incoming.ts';
import { metadataSchema } from './openapi-meta.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import type { FieldValidation } from './request.ts';
import type { Resource } from './resource.ts';
import { isRecord } from './schema.ts';
import { badRequest, invalid, StatusError, unsupportedMediaType } from './status.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';

/** A patch ready to be applied to whatever version of the object there is. Throws a Status. */
export function compilePatch(
  resource: Resource,
  body: Buffer,
  contentType: string | undefined,
  validation: FieldValidation,
): (before: ApiObject) => Incoming {
  const type = (contentType ?? '').split(';')[0]?.trim();
  const accepted = [json, merge, ...(resource.isBuiltIn ? [strategic] : [])];
  if (type === apply)
    throw unsupportedMediaType(
      accepted,
      '; server-side apply is not offered here, apply from the client (kubectl apply without --server-side)',
    );
  if (!type || !accepted.includes(type)) throw unsupportedMediaType(accepted);
  const { value: patch, duplicates } = decoded(body);
  if (type !== json && !isRecord(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}');
  const schema = { ...resource.schema, properties: { ...resource.schema.properties, metadata: metadataSchema } };
  return (before) => {
    const patched =
      type === json ? jsonPatch(before, patch) : type === merge ? mergePatch(before, patch) : strategicMergePatch(before, patch, schema);
    return checked(resource, before, patched, duplicates, validation);
  };
}

function decoded(body: Buffer): { value: unknown; duplicates: string[] } {
  try {
    return decodeJson(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`error decoding patch: ${body.length === 0 ? 'unexpected end of JSON input' : 'invalid JSON'}`);
  }
}

function checked(resource: Resource, before: ApiObject, patched: unknown, duplicates: string[], validation: FieldValidation): Incoming {
  try {
    const incoming = readObject(resource, { value: patched, duplicates }, validation);
    checkName(before, incoming.object);
    return incoming;
  } catch (error) {
    const strict = error instanceof StatusError && error.code === 400 ? /strict decoding error: .*/s.exec(error.message)?.[0] : undefined;
    // Kubernetes shows the whole object as the invalid value; its name is enough, and never a secret.
    if (strict) throw invalid({ group: '', resource: '' }, '', [invalidValue('patch', `${resource.kind} ${before.metadata.name}`, strict)]);
    throw error;
  }
}

/** A write must be about the object its URL names. Throws a Status. */
export function checkName(before: { metadata: { name: string; namespace?: string } }, object: ApiObject): void {
  const { name } = before.metadata;
  if (object.metadata.name === '')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (object.metadata.name !== name)
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  if ((object.metadata.namespace ?? before.metadata.namespace ?? '') !== (before.metadata.namespace ?? '')) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
