import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConsoleWorld, startConsoleWorld } from '#tests/parts/console-world.ts';
import { OpenFailed } from '../ports.ts';

let world: ConsoleWorld;
beforeEach(async () => {
  world = await startConsoleWorld();
});
afterEach(() => world.close());

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a serial console', () => {
  it('shows what the instance writes, and takes what is typed', async () => {
    const { remote, until, ended } = await world.openSerial();
    await until('web-1 login: ');
    remote.write(bytes('anna\recho 你好\r'));
    await until('\r\n你好\r\n');
    remote.resize(200, 60);
    expect(remote.label).toBe(`serial console of web-1 by ${new URL(world.sandbox.origin).host}`);
    remote.end();
    expect(await ended).toEqual({ reason: 'closed', detail: 'The serial console was closed.' });
  });

  it('makes the instance wait while it is paused, and loses nothing by that', async () => {
    const { remote, until, chunks } = await world.openSerial();
    await until('login: ');
    remote.write(bytes('anna\r'));
    await until('$ ');
    const lines = 60_000;
    remote.write(bytes(`flood ${lines}\r`));
    await until('00000100 ');
    remote.pause();
    const count = chunks.length;
    // Many turns of the loop, in which anything that is to come would have come.
    for (let turn = 0; turn < 20; turn += 1) await fetch(world.sandbox.origin);
    expect(chunks).toHaveLength(count);
    remote.resume();
    await until(String(lines).padStart(8, '0'));
    const numbers = Buffer.concat(chunks)
      .toString()
      .match(/^\d{8} /gm);
    expect(numbers?.map(Number)).toEqual(Array.from({ length: lines }, (_, index) => index + 1));
  });

  it('has room for one: another person is asked before the first is ended, and the first is told who did it', async () => {
    const first = await world.openSerial({ actor: 'anna' });
    await first.until('login: ');
    const declined = await world.openSerial({ actor: 'bob', agrees: false }).catch((error: unknown) => error);
    expect(declined).toMatchObject({ end: { reason: 'closed', detail: 'The serial console of web-1 was left to anna.' } });
    expect(world.asked[0]).toMatch(/^anna has the serial console of web-1 open\. .*room for one/);
    first.remote.write(bytes('anna\r'));
    await first.until('anna@web-1:~$ ');
    const second = await world.openSerial({ actor: 'bob' });
    expect(await first.ended).toEqual({
      reason: 'ended-by',
      detail: 'bob opened the serial console of web-1, and a serial port has room for one.',
    });
    await second.until('anna@web-1:~$ ');
  });

  it('takes the place of one of the same person without asking', async () => {
    const first = await world.openSerial();
    const second = await world.openSerial();
    expect((await first.ended).reason).toBe('ended-by');
    await second.until('login: ');
    expect(world.asked).toEqual([]);
    // The end of the first does not count as the end of the second.
    expect((await world.openSerial({ actor: 'bob', agrees: false }).catch((error: OpenFailed) => error)).constructor).toBe(OpenFailed);
  });

  it('is lost when the instance stops, and says what may be the matter when nothing answers', async () => {
    const { until, ended } = await world.openSerial();
    await until('login: ');
    await world.act({ 'os-stop': null }, 'SHUTOFF');
    expect(await ended).toMatchObject({ reason: 'lost', detail: expect.stringMatching(/closed the serial console of web-1/) as unknown });
    const silent = await world.openSerial();
    expect(await silent.ended).toMatchObject({ reason: 'lost', detail: expect.stringMatching(/does not run/) as unknown });
  });
});

describe('a screen', () => {
  it('brings bytes both ways, from the greeting on', async () => {
    const { remote, until, ended } = await world.openScreen();
    await until('RFB 003.008\n');
    remote.write(bytes('RFB 003.008\n'));
    await until('\u0001\u0001');
    remote.write(new Uint8Array([1]));
    await until('\0\0\0\0');
    remote.write(new Uint8Array([1]));
    await until('web-1');
    remote.end();
    expect((await ended).reason).toBe('closed');
  });

  it('is lost when the instance stops, and does not open while it is stopped', async () => {
    const { ended } = await world.openScreen();
    await world.act({ 'os-stop': null }, 'SHUTOFF');
    expect(await ended).toMatchObject({ reason: 'lost' });
    await expect(world.openScreen()).rejects.toMatchObject({
      end: { reason: 'unreachable', detail: expect.stringMatching(/screen of web-1.*does not run/) as unknown },
    });
  });
});

describe('what Nova refuses', () => {
  it.each([
    [400, 'Unavailable console type serial.', 'unreachable', /gives out no serial console of web-1 .*nova-serialproxy/],
    [403, "Policy doesn't allow it", 'unreachable', /credentials of cluster main may not open consoles/],
    [404, 'Instance could not be found.', 'target-gone', /has no instance web-1 any more/],
    [409, 'Instance is not ready', 'unreachable', /is not ready for a serial console.*Wait/],
    [501, 'Unable to get console', 'unreachable', /hypervisor that web-1 is on has no serial console/],
    [500, 'Unexpected', 'unreachable', /did not give out the serial console of web-1/],
  ])('with %i is said in words', async (status, message, reason, words) => {
    world.sandbox.faults.add({
      service: 'compute',
      method: 'POST',
      path: '/remote-consoles$',
      effect: { type: 'status', status, body: { fault: { code: status, message } } },
    });
    await expect(world.openSerial()).rejects.toMatchObject({
      name: 'OpenFailed',
      end: { reason, detail: expect.stringMatching(words) as unknown },
    });
  });
});

describe('the token of a console', () => {
  it('is in nothing that is said, shown, thrown or logged', async () => {
    const serial = await world.openSerial();
    await serial.until('login: ');
    const screen = await world.openScreen();
    await world.act({ 'os-stop': null }, 'SHUTOFF');
    const ends = [await serial.ended, await screen.ended, await world.openScreen().catch((error: unknown) => error)];
    const shown = inspect([world.said, world.asked, serial, screen, ends, world.sandbox.requests.entries], { depth: 20 });
    const tokens = [...world.sandbox.store.consoleTokens.keys()];
    expect(tokens).toHaveLength(3);
    for (const token of tokens) expect(shown).not.toContain(token);
  });
});
