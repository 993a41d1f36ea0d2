import { HttpProblem } from '../../http/http-problem.ts';

/** A field that holds something that cannot be. `message` holds no secret. */
export function badField(field: string, message: string): HttpProblem {
  return new HttpProblem(400, 'BadRequest', `${field}: ${message}`, { errors: [{ field, message }] });
}
