import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowBytes } from '#api/terminal/ssh/window.ts';
import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { openTerminal, pins, reader, type Way } from './ssh-world.ts';

let guest: Guest;
let sshd: Sshd;
const MiB = 1024 * 1024;
const open = async (more: Partial<Way> = {}) => {
  const remote = await openTerminal({
    port: sshd.port,
    guest,
    hostKeys: pins(sshd.fingerprint),
    credentials: { privateKey: guest.privateKey },
    ...more,
  });
  const page = reader(remote);
  page.type('PS1="ready$ "; stty -echo\r');
  await page.until(/ready\$ $/);
  return { remote, page };
};
const until = async (holds: () => boolean, ms = 10_000) => {
  for (const late = Date.now() + ms; !holds(); ) {
    if (Date.now() > late) throw new Error('It did not come to that.');
    await new Promise((done) => setTimeout(done, 20));
  }
};

beforeAll(async () => {
  guest = makeGuest();
  sshd = await startSshd(guest);
});
afterAll(async () => {
  await sshd?.stop();
  guest?.remove();
});

describe('a shell by SSH', () => {
  it('is called by user, address and port', async () => {
    const { remote } = await open();
    expect(remote.label).toBe(`${guest.name}@127.0.0.1:${sshd.port}`);
    remote.end();
  });

  it('has a terminal of the size and kind asked for, and speaks UTF-8', async () => {
    const { remote, page } = await open({ size: { cols: 132, rows: 43 } });
    page.type('echo "$TERM $LANG $(stty size)"\r');
    await page.until(/xterm-256color C\.UTF-8 43 132/);
    page.type('printf "%s\\n" "中文 ünï 🙂"; printf "中文" | wc -m\r');
    await page.until(/中文 ünï 🙂\r\n2/);
    remote.end();
  });

  it('is told of a new size', async () => {
    const { remote, page } = await open();
    remote.resize(101, 37);
    page.type('stty size\r');
    await page.until(/37 101/);
    remote.end();
  });

  it('ends with what the shell said: its status, or the signal', async () => {
    const { page } = await open();
    page.type('exit 7\r');
    expect(await page.ended).toEqual({ reason: 'closed', detail: 'The shell ended with status 7.', exitCode: 7 });
    const fine = await open();
    fine.page.type('exit\r');
    expect(await fine.page.ended).toEqual({ reason: 'closed', detail: 'The shell ended.', exitCode: 0 });
    const killed = await open();
    killed.page.type('kill -KILL $$\r');
    expect(await killed.page.ended).toEqual({ reason: 'closed', detail: 'The shell was ended by SIGKILL.' });
  });

  it('is lost within 5 s when its sshd is killed, and can be opened again when that is back', async () => {
    const { page } = await open();
    const killedAt = Date.now();
    await sshd.kill();
    const end = await page.ended;
    expect(Date.now() - killedAt).toBeLessThan(5000);
    expect(end.reason).toBe('lost');
    expect(end.detail).toMatch(
      new RegExp(`^${guest.name}@127\\.0\\.0\\.1:${sshd.port} (?:closed the connection|was lost \\(ECONNRESET\\))\\.$`),
    );
    await sshd.restart();
    (await open()).remote.end();
  });

  it('still shows what came before it was lost, to a page that had paused', async () => {
    const { remote, page } = await open();
    page.type('stty -opost; sleep 0.2; head -c 100000 /dev/zero | tr "\\0" x; echo end\r');
    remote.pause();
    const before = page.bytes;
    // It sends while we are paused; nothing of it is seen.
    await new Promise((done) => setTimeout(done, 1000));
    expect(page.bytes).toBe(before);
    await sshd.kill();
    remote.resume();
    expect((await page.ended).reason).toBe('lost');
    expect(page.bytes - before).toBeGreaterThanOrEqual(100_000);
    await sshd.restart();
  });

  it('ends at once when it is ended here, even paused', async () => {
    const { remote, page } = await open();
    page.type('yes\r');
    await until(() => page.bytes > MiB);
    remote.pause();
    remote.end();
    expect(await page.ended).toEqual({ reason: 'closed', detail: 'It was closed.' });
    const { bytes } = page;
    remote.resume();
    await new Promise((done) => setTimeout(done, 100));
    expect(page.bytes).toBe(bytes);
  });

  it('makes a host wait that sends more than is taken, down to the program that writes', async () => {
    const { remote, page } = await open();
    page.type('stty -opost; (dd if=/dev/zero bs=1M count=200 status=none; echo "dd is done" >&2) | cat; rm -f done; touch ~/done\r');
    await until(() => page.bytes > 2 * MiB);
    remote.pause();
    const before = page.bytes;
    const rss = process.memoryUsage.rss();
    // Long enough to have sent all of it.
    await new Promise((done) => setTimeout(done, 2000));
    expect(page.bytes).toBe(before);
    expect(process.memoryUsage.rss() - rss).toBeLessThan(8 * MiB);
    remote.resume();
    await until(() => page.bytes - before > windowBytes);
    await page.until(/dd is done/, 60_000);
    remote.end();
  });

  it('passes 200 MB on with flat memory, stopping and going', async () => {
    const { remote, page } = await open();
    const { bytes: before } = page;
    const start = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
    const pauses = setInterval(() => {
      remote.pause();
      setTimeout(() => remote.resume(), 20);
    }, 200);
    page.type('stty -opost; yes | head -c 200M; echo; echo all of it\r');
    await page.until(/all of it\n/, 100_000);
    clearInterval(watch);
    clearInterval(pauses);
    expect(page.bytes - before).toBeGreaterThanOrEqual(200 * MiB);
    expect(most - start).toBeLessThan(100 * MiB);
    remote.end();
  });

  it('obeys Ctrl-C within 300 ms in the midst of a flood that a page draws at 5 MB/s', async () => {
    const { remote, page } = await open();
    // Draws 64 KiB in 13 ms, and has half a MiB sent to it at most, as the core sees to.
    let drawn = page.bytes;
    const drawing = setInterval(() => {
      drawn = Math.min(page.bytes, drawn + 64 * 1024);
      if (page.bytes - drawn > MiB / 2) remote.pause();
      else if (page.bytes - drawn < MiB / 8) remote.resume();
    }, 13);
    page.type('yes\r');
    await until(() => drawn > 8 * MiB, 30_000);
    const pressedAt = performance.now();
    page.type('\x03');
    await page.until(/ready\$ $/);
    await until(() => drawn === page.bytes);
    clearInterval(drawing);
    expect(performance.now() - pressedAt).toBeLessThan(300);
    remote.end();
  });

  it('survives changes of keys in the midst of a flood', async () => {
    const strict = await startSshd(guest, ['RekeyLimit 2M']);
    const remote = await openTerminal({
      port: strict.port,
      guest,
      hostKeys: pins(strict.fingerprint),
      credentials: { privateKey: guest.privateKey },
    });
    const page = reader(remote);
    page.type('stty -opost -echo; yes | head -c 20M; echo; echo all of it\r');
    await page.until(/all of it\n/, 60_000);
    expect(page.bytes).toBeGreaterThanOrEqual(20 * MiB);
    remote.end();
    await strict.stop();
  });
});
