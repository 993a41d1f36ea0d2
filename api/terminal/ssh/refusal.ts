import { OpenFailed } from '../ports.ts';
import type { TerminalEnd } from '../protocol.ts';

/** Why a terminal does not open, in words for people. */
export function refused(reason: TerminalEnd['reason'], detail: string, hostKey?: NonNullable<TerminalEnd['hostKey']>): OpenFailed {
  return new OpenFailed({ reason, detail, ...(hostKey && { hostKey }) });
}
