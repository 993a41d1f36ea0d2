import { Ajv, type ValidateFunction } from 'ajv';
import type { AnyAction } from '#controller/actions/action.ts';
import type { JsonSchema } from '#controller/engine/json.ts';
import { explain, type FieldProblem } from '../routes/problem.ts';

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, formats: { password: true, 'date-time': true } });
const compiled = new WeakMap<AnyAction, ValidateFunction>();

/** What is wrong with an input, by field; empty when nothing is. Fields that an action does not know are refused. */
export function checkInput(action: AnyAction, input: unknown): FieldProblem[] {
  let validate = compiled.get(action);
  if (!validate) compiled.set(action, (validate = ajv.compile(strict(action.input))));
  if (validate(input)) return [];
  return (validate.errors ?? []).map((error) => {
    const { field, message } = explain(error);
    return { field: field.replaceAll('/', '.'), message };
  });
}

/** The schema with every object closed that does not say what else it takes. */
export function strict(schema: JsonSchema): object {
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(schema.type === 'object' && {
      properties: Object.fromEntries(Object.entries(properties ?? {}).map(([name, one]) => [name, strict(one)])),
      additionalProperties: additionalProperties ? strict(additionalProperties) : false,
    }),
    ...(items && { items: strict(items) }),
  };
}
