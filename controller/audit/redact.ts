import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';

/** Stands for a value that must not be kept. */
export const hidden = '***';

const secretKey = /pass(?:word|wd|phrase)|^pass$|admin_?pass|token|user_?data|private_?key|secret|credential|api_?key/i;
/** `credentialsSecretRef` names a secret; it does not hold one. */
const reference = /Refs?$/;

/** The last guard before storage: values under keys that look like secrets become `***`; absent ones stay null, so one still sees what came and went. */
export function redactChange(change: Change, kind: string | undefined): Change {
  const isSecret = isSecretPath(change.path) || (kind === 'Secret' && /^(?:data|stringData)\b/.test(change.path));
  return { ...change, from: isSecret ? hide(change.from) : redact(change.from), to: isSecret ? hide(change.to) : redact(change.to) };
}

/** `spec.metadata[a.b].password`: any key on the way makes the rest secret, except below a reference. */
function isSecretPath(path: string): boolean {
  for (const key of path.split(/[.[\]]+/)) {
    if (reference.test(key)) return false;
    if (secretKey.test(key)) return true;
  }
  return false;
}

function redact(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(redact);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (reference.test(key)) return [key, inner];
      return [key, secretKey.test(key) ? hide(inner) : redact(inner)];
    }),
  );
}

function hide(value: Json): Json {
  return value === null ? null : hidden;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
