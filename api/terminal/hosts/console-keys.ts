import type { HostKeyFound } from '../protocol.ts';
import { fingerprintOf, type HostKey, isFingerprint, md5Of, readPublicKey } from './host-key.ts';

/** The host keys that a guest printed when it booted. */
export interface ConsoleKeys {
  /** Each once; `blob` of those that were printed whole. */
  readonly keys: readonly (HostKeyFound & Partial<Pick<HostKey, 'blob'>>)[];
  /** Fingerprints of old guests, which print MD5 alone: they can be held against a key, and name none. */
  readonly md5: readonly string[];
}

/** Nova keeps 100 KiB of a log; what was printed last stands at its end. */
const mostChars = 512 * 1024;
const mostLineChars = 6000;
const mostKeys = 16;

/**
 * What stands before a line: time of the kernel, syslog and logger, and who printed it. cloud-init prints fingerprints through `logger -s`,
 * older ones through `logger -t ec2`; keys as they are (canonical/cloud-init, tools/write-ssh-key-fingerprints). Any of it may be repeated.
 */
const printer = String.raw`(?:ec2|cloud-init)(?:\[\d{1,10}\])?: ?`;
const onHost = String.raw`(?:[\w.-]{1,255} (?=${printer}))?`;
const kernelTime = String.raw`\[ *\d{1,8}\.\d{1,9}\] ?`;
const level = String.raw`<\d{1,3}>`;
const syslogTime = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ${onHost}`;
const isoTime = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.:+Z-]{0,20} ${onHost}`;
const prefix = new RegExp(`^(?:${[kernelTime, level, syslogTime, isoTime, printer].join('|')}){0,8}`);
const mark = /^-----(BEGIN|END) SSH HOST KEY (FINGERPRINTS|KEYS)-----$/;
const fingerprint = /^(\d{3,5}) (SHA256:\S{43}|(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}) [ -~]{0,300}\((ECDSA|ED25519|RSA)\)$/;
const publicKey = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) /;

interface Block {
  readonly kind: 'FINGERPRINTS' | 'KEYS';
  readonly keys: Map<string, ConsoleKeys['keys'][number]>;
  readonly md5: Set<string>;
}

/**
 * The host keys in the console log of an instance, of its last boot that printed any; undefined when it holds none. Strict: a block counts
 * when it was printed to its end, a line when all of it is what it has to be. Whatever else stands there is passed over.
 */
export function consoleKeys(log: string): ConsoleKeys | undefined {
  const boots: Block[][] = [];
  for (const block of blocksOf(log)) {
    const newest = boots.at(-1);
    if (newest && belongs(block, newest)) newest.push(block);
    else boots.push([block]);
  }
  const last = boots.at(-1);
  if (!last) return undefined;
  // Public keys stand behind the fingerprints of the same keys and take their place.
  const keys = new Map(last.flatMap((block) => [...block.keys]));
  return { keys: [...keys.values()], md5: keys.size > 0 ? [] : last.flatMap((block) => [...block.md5]) };
}

/** Whether one of the keys that were printed is this one. */
export function isAmong({ keys, md5 }: ConsoleKeys, blob: Buffer): boolean {
  const own = fingerprintOf(blob);
  return keys.some((key) => key.fingerprint === own) || md5.includes(md5Of(blob));
}

/** Blocks that begin and end and hold something, in order. */
function blocksOf(log: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of log.slice(-mostChars).split('\n')) {
    const text = textOf(line);
    const [, what, kind] = mark.exec(text) ?? [];
    if (what === 'BEGIN') open = { kind: kind as Block['kind'], keys: new Map(), md5: new Set() };
    else if (what === 'END') {
      if (open && open.kind === kind && open.keys.size + open.md5.size > 0) blocks.push(open);
      open = undefined;
    } else if (open && open.keys.size + open.md5.size < mostKeys) take(open, text);
  }
  return blocks;
}

function textOf(line: string): string {
  return line.length > mostLineChars ? '' : line.replace(/\r+$/, '').replace(prefix, '').trim();
}

function take({ kind, keys, md5 }: Block, text: string): void {
  if (kind === 'KEYS') {
    const key = publicKey.test(text) ? readPublicKey(text) : undefined;
    if (key && !('flaw' in key)) keys.set(key.fingerprint, key);
    return;
  }
  const [, bits, print = '', name] = fingerprint.exec(text) ?? [];
  if (isFingerprint(print)) keys.set(print, { fingerprint: print, algorithm: algorithmOf(`${name}`, `${bits}`) });
  else if (print !== '' && !print.startsWith('SHA256')) md5.add(print.replace('MD5:', ''));
}

function algorithmOf(name: string, bits: string): string {
  if (name === 'ECDSA') return `ecdsa-sha2-nistp${bits}`;
  return name === 'RSA' ? 'ssh-rsa' : 'ssh-ed25519';
}

/** Keys belong to the fingerprints just before them, when these are of the same keys: a guest prints both at each first boot. */
function belongs(block: Block, boot: readonly Block[]): boolean {
  const [before, more] = boot;
  if (block.kind !== 'KEYS' || before?.kind !== 'FINGERPRINTS' || more) return false;
  const keys = [...block.keys.values()];
  return keys.some(({ fingerprint: print, blob }) => before.keys.has(print) || (blob !== undefined && before.md5.has(md5Of(blob))));
}
