import { randomBytes } from 'node:crypto';
import { type KeyProvider, newDataKey, open, type Sealed } from '../../kube/encryption.ts';
import { BrokenRecording } from './broken.ts';

const keyBytes = 32;

/** A key for one recording, and how it is stored: under the key that secrets are under. */
export async function newRecordingKey(keys: KeyProvider, recording: string): Promise<{ readonly key: Buffer; readonly sealed: Sealed }> {
  const key = randomBytes(keyBytes);
  return { key, sealed: (await newDataKey(keys)).seal(key.toString('base64'), contextOf(recording)) };
}

export async function openRecordingKey(keys: KeyProvider, recording: string, sealed: unknown): Promise<Buffer> {
  try {
    return Buffer.from(await open(keys, sealed as Sealed, contextOf(recording)), 'base64');
  } catch {
    throw new BrokenRecording({ seq: 0, what: 'key' });
  }
}

function contextOf(recording: string): string {
  return `terminals|${recording}|recordingKey`;
}
