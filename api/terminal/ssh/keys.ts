import ssh2, { type ParsedKey } from 'ssh2';
import { isEncrypted, openEncryptedKey } from './encrypted-key.ts';
import type { Ask } from './patience.ts';
import { refused } from './refusal.ts';

const mostTries = 3;

/**
 * A private key as ssh2 takes it. Where it is encrypted and the passphrase is missing or wrong, whoever is at the page is asked for it. Throws
 * OpenFailed; what is said never quotes the key.
 */
export async function readPrivateKey(text: string, name: string, passphrase: string | undefined, ask: Ask): Promise<ParsedKey> {
  if (isEncrypted(text)) return await withPassphrase(text, name, passphrase, ask);
  const parsed = ssh2.utils.parseKey(text);
  const key = parsed instanceof Error ? undefined : [parsed].flat()[0];
  if (!key) throw refused('sign-in-failed', `${capital(name)} cannot be read: give a private key in the format of OpenSSH or PEM.`);
  if (!key.isPrivateKey()) throw refused('sign-in-failed', `${capital(name)} is a public key. Give the private one that belongs to it.`);
  return key;
}

async function withPassphrase(text: string, name: string, passphrase: string | undefined, ask: Ask): Promise<ParsedKey> {
  let given = passphrase;
  for (let asked = 0; asked <= mostTries; asked += 1) {
    const key = given === undefined ? undefined : await openEncryptedKey(text, given);
    if (key) return key;
    if (asked === mostTries) break;
    const instructions = given === undefined ? '' : 'That passphrase is wrong.';
    const answers = await ask({ title: `Passphrase of ${name}`, instructions, prompts: [{ text: 'Passphrase:', isSecret: true }] });
    if (answers?.[0] === undefined) throw refused('sign-in-failed', `No passphrase was given for ${name}.`);
    given = answers[0];
  }
  throw refused('sign-in-failed', `The passphrase of ${name} is wrong. Try again with the right one.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Takes the private part out of a key that is needed no more: ssh2 keeps hold of it for as long as the connection lasts. */
export function forgetKey(key: ParsedKey): void {
  const inside = key as unknown as Record<symbol, unknown>;
  for (const symbol of Object.getOwnPropertySymbols(inside)) inside[symbol] = null;
}
