import { open, rm } from 'node:fs/promises';
import { type ClientRequest, requestPieces } from './client.ts';
import { CommandError, type CommandIo } from './command.ts';

/** Writes an export to standard output (`-`) or a new file of mode 0600; half a file is removed again. Throws CommandError. */
export async function writeExport(request: ClientRequest, output: string, io: CommandIo): Promise<void> {
  if (output === '-') {
    // A letter may lie across two pieces.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    await requestPieces({ ...request, accept: '*/*' }, (piece) => io.print(decoder.decode(piece, { stream: true })));
    io.print(decoder.decode());
    return;
  }
  const file = await open(output, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new CommandError(`${output} is there already. Move it away, or name another file.`);
    throw new CommandError(`${output} cannot be written: ${error.message}`);
  });
  try {
    await requestPieces({ ...request, accept: '*/*' }, (piece) => file.writeFile(piece));
    await file.close();
  } catch (error) {
    await file.close();
    await rm(output, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${output} cannot be written: ${(error as Error).message}`);
  }
  io.warn(`Written to ${output}.`);
}
