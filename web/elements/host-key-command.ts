/** Pure: what shows the fingerprint of a host's key on the host itself. */
export function compareCommand(algorithm: string): string {
  const name = algorithm.includes('ed25519') ? 'ed25519' : algorithm.includes('ecdsa') ? 'ecdsa' : 'rsa';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`;
}
