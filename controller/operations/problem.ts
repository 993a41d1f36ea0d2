import { ActionFailed } from '#controller/actions/action.ts';
import { classifyOpenStackError, OpenStackError } from '#controller/openstack/errors.ts';
import type { OperationProblem } from './operation.ts';

/** Why an operation failed, in words for people; `requestIds` are those of its writes. What is no error of ours or the cloud's is not told. */
export function problemOf(error: unknown, requestIds: readonly string[]): OperationProblem {
  if (error instanceof ActionFailed) return problem(409, error.reason, error.message, requestIds);
  if (error instanceof OpenStackError) {
    const ids = error.requestId === undefined || requestIds.includes(error.requestId) ? requestIds : [...requestIds, error.requestId];
    return problem(error.status ?? 502, classifyOpenStackError(error).reason, sentence(error), ids);
  }
  return problem(500, 'InternalError', 'Something went wrong here; the server log has the details. Try again.', requestIds);
}

/** A problem of RFC 9457. */
export function problem(status: number, title: string, detail: string, requestIds: readonly string[] = []): OperationProblem {
  return { type: 'about:blank', status, title, detail, ...(requestIds.length > 0 && { requestIds }) };
}

function sentence(error: OpenStackError): string {
  if (error.kind !== 'http') return error.message;
  const detail = error.detail.replace(/\.$/, '');
  return `${error.cloud}: ${error.service} refused ${error.method} ${error.path} (${error.status}): ${detail}.`;
}
