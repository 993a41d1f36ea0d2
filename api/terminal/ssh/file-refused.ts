/** What happened to a file that was asked for. */
export type FileTrouble = 'not-found' | 'forbidden' | 'exists' | 'changed' | 'no-files' | 'lost' | 'failed';

/** The far side would not do it; the message is for people. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly trouble: FileTrouble;
  constructor(trouble: FileTrouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}
