import type { ConsoleType } from '#controller/openstack/compute/remote-consoles.ts';
import { isOpenStackError } from '#controller/openstack/errors.ts';
import { OpenFailed, type Target } from '../ports.ts';
import { ProxyUnreachable } from './proxy-socket.ts';

const names: Readonly<Record<ConsoleType, { readonly what: string; readonly service: string; readonly option: string }>> = {
  serial: { what: 'serial console', service: 'nova-serialproxy', option: '[serial_console] enabled' },
  novnc: { what: 'screen', service: 'nova-novncproxy', option: '[vnc] enabled' },
};

export const nameOf = (type: ConsoleType): string => names[type].what;

/** Why a console did not open, in words that say what to do; anything else goes on as it is. */
export function refusalOf(error: unknown, target: Target, type: ConsoleType): OpenFailed {
  if (error instanceof OpenFailed) return error;
  if (error instanceof ProxyUnreachable) return new OpenFailed({ reason: 'unreachable', detail: error.message });
  if (isOpenStackError(error)) return new OpenFailed(novaSaid(error.kind === 'http' ? error.status : undefined, error, target, type));
  throw error;
}

function novaSaid(status: number | undefined, error: Error & { readonly detail: string }, target: Target, type: ConsoleType) {
  const { what, service, option } = names[type];
  const { name, cluster } = target;
  const said = `(Nova: ${error.detail.replace(/\.$/, '')})`;
  if (status === 404) return { reason: 'target-gone' as const, detail: `Cloud ${cluster} has no instance ${name} any more ${said}.` };
  const detail = {
    400: `Cloud ${cluster} gives out no ${what} of ${name} ${said}. Its operator would set ${option} = true on the compute hosts and run ${service}.`,
    403: `The credentials of cluster ${cluster} may not open consoles ${said}; its policy os_compute_api:os-remote-consoles says so.`,
    409: `${name} is not ready for a ${what} ${said}. Wait until it is built and runs.`,
    501: `The hypervisor that ${name} is on has no ${what} ${said}.`,
  }[status ?? 0];
  return { reason: 'unreachable' as const, detail: detail ?? `Cloud ${cluster} did not give out the ${what} of ${name}: ${error.message}` };
}

/** Said when the proxy took the connection and closed it at once: it does not say why. */
export function silentClose(target: Target, type: ConsoleType): string {
  const { what, service } = names[type];
  return `The console proxy closed the connection before anything came from the ${what} of ${target.name}. Either the instance does not run, its host is not reached by ${service}, or the proxy refused Nova's token; the log of ${service} says which.`;
}
