import { expect, it } from 'vitest';
import { linesOf } from './lines.ts';

async function linesIn(...parts: Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  for await (const line of linesOf(stream)) lines.push(line);
  return lines;
}

it('gives whole lines however the stream was cut, within a character too', async () => {
  const bytes = new TextEncoder().encode('{"a":1}\n\n{"b":"云"}\n{"c":3}');
  for (let at = 1; at < bytes.length; at += 1)
    expect(await linesIn(bytes.slice(0, at), bytes.slice(at))).toEqual(['{"a":1}', '{"b":"云"}', '{"c":3}']);
  expect(await linesIn()).toEqual([]);
});
