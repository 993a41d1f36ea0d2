import type { Duplex } from 'node:stream';
import type { Monitor } from './monitor.ts';
import type { Area } from './picture.ts';

/** How a client wants its dots (RFC 6143, 7.4). */
interface DotFormat {
  readonly bytes: number;
  readonly isBigEndian: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

const ownFormat: DotFormat = { bytes: 4, isBigEndian: false, max: [255, 255, 255], shift: [16, 8, 0] };

/** Serves the screen to one client: RFB 3.8 (RFC 6143) without a password and in raw encoding, as QEMU's without `password`. */
export function serveRfb(stream: Duplex, monitor: Monitor): void {
  const input = readerOf(stream);
  const send = (...parts: readonly Buffer[]) => stream.write(Buffer.concat(parts));
  let format = ownFormat;
  let changed: Area | undefined;
  let isAsked = false;

  /** A client gets one update for each request, once there is something to tell. */
  function update(): void {
    if (!isAsked || !changed) return;
    send(updateOf(monitor, changed, format));
    [isAsked, changed] = [false, undefined];
  }
  const stop = monitor.onChange((area, copied) => {
    changed = changed ? around(changed, area) : area;
    if (copied !== undefined) send(cutText(copied));
    update();
  });
  stream.on('close', stop);

  async function shakeHands(): Promise<void> {
    send(Buffer.from('RFB 003.008\n'));
    const version = (await input.take(12)).toString('latin1');
    if (!/^RFB 003\.00[78]\n$/.test(version)) throw new Error('a version that is not spoken here');
    // One way to sign in: none.
    send(Buffer.from([1, 1]));
    if ((await input.take(1))[0] !== 1) throw new Error('a way to sign in that was not offered');
    send(Buffer.alloc(4));
    // Whether others may stay: they may.
    await input.take(1);
    send(greeting(monitor));
  }

  async function serve(): Promise<void> {
    await shakeHands();
    for (;;) {
      const [type] = await input.take(1);
      if (type === 0) format = formatOf(await input.take(19));
      else if (type === 2) await input.take(4 * (await input.take(3)).readUInt16BE(1));
      else if (type === 3) {
        const request = await input.take(9);
        isAsked = true;
        if (request[0] === 0) changed = { x: 0, y: 0, width: monitor.picture.width, height: monitor.picture.height };
        update();
      } else if (type === 4) {
        const key = await input.take(7);
        if (key[0] === 1) monitor.key(key.readUInt32BE(3));
      } else if (type === 5) {
        const pointer = await input.take(5);
        monitor.point(pointer.readUInt16BE(1), pointer.readUInt16BE(3), pointer[0] ?? 0);
      } else if (type === 6) {
        const length = (await input.take(7)).readUInt32BE(3);
        if (length > 65_536) throw new Error('too much for a clipboard');
        monitor.paste((await input.take(length)).toString('latin1'));
      } else throw new Error('a message that is not known here');
    }
  }
  serve().catch(() => stream.destroy());
}

function greeting({ picture, name }: Monitor): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt16BE(picture.width, 0);
  head.writeUInt16BE(picture.height, 2);
  // 32 bits a dot, 24 of them used, little-endian, true colour; then the largest of each colour and where it stands.
  head.set([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0], 4);
  const text = Buffer.from(name);
  head.writeUInt32BE(text.length, 20);
  return Buffer.concat([head, text]);
}

function formatOf(message: Buffer): DotFormat {
  const bits = message[3] ?? 0;
  if (![8, 16, 32].includes(bits) || message[6] === 0) throw new Error('a format of dots that is not drawn here');
  return {
    bytes: bits / 8,
    isBigEndian: message[5] !== 0,
    max: [message.readUInt16BE(7), message.readUInt16BE(9), message.readUInt16BE(11)],
    shift: [message[13] ?? 0, message[14] ?? 0, message[15] ?? 0],
  };
}

/** A FramebufferUpdate of one rectangle in raw encoding. */
function updateOf({ picture }: Monitor, area: Area, format: DotFormat): Buffer {
  const { bytes, isBigEndian, max, shift } = format;
  const update = Buffer.alloc(16 + area.width * area.height * bytes);
  update.writeUInt16BE(1, 2);
  for (const [index, value] of [area.x, area.y, area.width, area.height].entries()) update.writeUInt16BE(value, 4 + index * 2);
  let at = 16;
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) {
      const dot = picture.dots[y * picture.width + x] ?? 0;
      const [red, green, blue] = [(dot >> 16) & 255, (dot >> 8) & 255, dot & 255];
      const value =
        ((Math.round((red * max[0]) / 255) << shift[0]) |
          (Math.round((green * max[1]) / 255) << shift[1]) |
          (Math.round((blue * max[2]) / 255) << shift[2])) >>>
        0;
      if (isBigEndian) update.writeUIntBE(value, at, bytes);
      else update.writeUIntLE(value, at, bytes);
      at += bytes;
    }
  }
  return update;
}

function cutText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const head = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function around(one: Area, other: Area): Area {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Exactly so many bytes at a time; rejects once there are no more. */
function readerOf(stream: Duplex): { take(count: number): Promise<Buffer> } {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let left = Buffer.alloc(0);
  return {
    async take(count) {
      while (left.length < count) {
        const next = await chunks.next();
        if (next.done) throw new Error('the client is gone');
        left = Buffer.concat([left, next.value]);
      }
      const taken = left.subarray(0, count);
      left = left.subarray(count);
      return taken;
    },
  };
}
