/** A shell as a figure meets it, whatever leads to it. */
export interface Shell {
  readonly shown: Shown;
  readonly type: (text: string) => void;
  close(): Promise<void>;
}

/** Not as it is typed, so that its echo is taken for no prompt. */
export const prompt = 'bench> ';
const setPrompt = "PS1='bench''> '; stty -echo\r";
const tailBytes = 64;

/** What a shell drew. */
export class Shown {
  bytes = 0;
  onBytes: (bytes: Buffer) => void = () => undefined;
  #tail = '';
  #failure: Error | undefined;
  #look: () => void = () => undefined;

  draw(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.#tail = (this.#tail + bytes.subarray(-tailBytes).toString('latin1')).slice(-tailBytes);
    this.onBytes(bytes);
    this.#look();
  }

  /** Nothing more will come: who waits, waits in vain. The first reason counts. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#look();
  }

  /** Resolves once what is drawn from now on ends so. */
  async endsIn(ending: string, ms = 30_000): Promise<void> {
    this.#tail = '';
    await this.until(() => this.#tail.endsWith(ending), { what: `"${ending}"`, ms });
  }

  /** One at a time. */
  async until(holds: () => boolean, { what, ms = 30_000 }: { readonly what: string; readonly ms?: number }): Promise<void> {
    const done = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => done.reject(new Error(`${what} was not shown within ${ms} ms; the end is ${JSON.stringify(this.#tail)}`)),
      ms,
    );
    this.#look = () => {
      if (this.#failure) done.reject(this.#failure);
      else if (holds()) done.resolve();
    };
    this.#look();
    try {
      await done.promise;
    } finally {
      clearTimeout(timer);
      this.#look = () => undefined;
    }
  }
}

/** Types a line and waits for the prompt behind all that it shows. */
export async function run({ shown, type }: Shell, line: string, ms?: number): Promise<void> {
  const ended = shown.endsIn(prompt, ms);
  type(`${line}\r`);
  await ended;
}

/** The prompt that is waited for everywhere, and no echo. */
export async function settle(shell: Shell): Promise<void> {
  const ended = shell.shown.endsIn(prompt, 60_000);
  shell.type(setPrompt);
  await ended;
}
