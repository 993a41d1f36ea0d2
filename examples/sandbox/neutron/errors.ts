import { type Answer, Refusal } from '../call.ts';

/** An error the way Neutron writes it. */
export function neutronError(status: number, type: string, message: string): Answer {
  return { status, body: { NeutronError: { type, message, detail: '' } } };
}

export function refuse(status: number, type: string, message: string): never {
  throw new Refusal(neutronError(status, type, message));
}

export function badRequest(message: string): never {
  return refuse(400, 'HTTPBadRequest', message);
}

export function invalidInput(message: string): never {
  return refuse(400, 'InvalidInput', `Invalid input for operation: ${message}`);
}
