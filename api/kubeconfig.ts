import { stringify } from 'yaml';
import { writeWhole } from './tls.ts';

/** Writes a kubeconfig (mode 0600) with one context, `stackwarden`. */
export function writeKubeconfig(
  file: string,
  options: { server: string; ca: string; servername?: string; user: string; token: string },
): void {
  const name = 'stackwarden';
  const cluster = {
    server: options.server,
    'certificate-authority-data': Buffer.from(options.ca).toString('base64'),
    ...(options.servername !== undefined && { 'tls-server-name': options.servername }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: options.user, namespace: 'default' } }],
    users: [{ name: options.user, user: { token: options.token } }],
  };
  writeWhole(file, stringify(config), 0o600);
}
