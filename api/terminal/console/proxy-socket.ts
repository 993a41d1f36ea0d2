import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';
import type { CloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { guardedLookup, refuseForbidden } from '#controller/openstack/forbidden-address.ts';
import { sortNetworkFailure } from '#controller/openstack/network-failure.ts';
import type { ProxyAddress } from './proxy-address.ts';

/** A connection to a console proxy of Nova's. */
export interface ProxySocket {
  /** One listener; nothing comes before it is set. */
  onData(call: (bytes: Uint8Array) => void): void;
  /** Once. `saidNothing`: the proxy took the connection and closed it before anything came. */
  onClose(call: (how: ClosedBy) => void): void;
  write(bytes: Uint8Array): void;
  /** What was written and is not sent yet. */
  readonly unsent: number;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface ClosedBy {
  readonly code: number;
  readonly saidNothing: boolean;
}

export interface ConnectOptions {
  readonly config: CloudConfig;
  /** Loopback may be the proxy's: the cloud is there itself, or a setting for tests says so. */
  readonly mayBeLocal: boolean;
  readonly signal: AbortSignal;
}

/** Why a proxy was not reached, in words that hold no token. */
export class ProxyUnreachable extends Error {
  override name = 'ProxyUnreachable';
}

const handshakeMs = 15_000;
/** Websockify sends at most 64 KiB in a frame. */
const maxFrameBytes = 4 * 1024 * 1024;
/** A proxy that is gone without a word is noticed within twice this. */
const pingMs = 20_000;

const local = new BlockList();
local.addSubnet('127.0.0.0', 8);
local.addSubnet('0.0.0.0', 8);
local.addAddress('::1', 'ipv6');
local.addAddress('::', 'ipv6');
const isLocal = (address: string): boolean => local.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether an address of a cloud leads to this machine itself. */
export function isLocalUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || isLocal(host);
}

/**
 * Connects with what websockify and Nova's handler look at: sub-protocol `binary` (the one websockify knows since 0.10, and all before knew), the
 * Origin of the proxy itself, the token in the address. Compression is not offered: websockify knows none. Throws ProxyUnreachable.
 */
export function connectProxy(address: ProxyAddress, { config, mayBeLocal, signal }: ConnectOptions): Promise<ProxySocket> {
  try {
    refuseForbidden(address.hostname);
    if (!mayBeLocal && isLocal(address.hostname)) throw localAddress();
  } catch (error) {
    return Promise.reject(unreachable(address, error));
  }
  const options: ClientOptions & { lookup: LookupFunction } = {
    origin: address.origin,
    perMessageDeflate: false,
    handshakeTimeout: handshakeMs,
    maxPayload: maxFrameBytes,
    followRedirects: false,
    lookup: mayBeLocal ? guardedLookup : farLookup,
    rejectUnauthorized: config.verify,
    ...(config.ca !== undefined && { ca: config.ca }),
    ...(config.clientCertificate && { cert: config.clientCertificate.cert, key: config.clientCertificate.key.reveal() }),
  };
  const socket = new WebSocket(address.url.reveal(), ['binary'], options);
  return opened(socket, address, signal);
}

function opened(socket: WebSocket, address: ProxyAddress, signal: AbortSignal): Promise<ProxySocket> {
  return new Promise((resolve, reject) => {
    const abort = () => socket.terminate();
    signal.addEventListener('abort', abort);
    let failure: unknown;
    socket.on('error', (error) => {
      failure ??= error;
    });
    socket.on('unexpected-response', (_request, response) => {
      failure = new ProxyUnreachable(
        `The console proxy at ${address.host} answered the handshake with status ${response.statusCode ?? 0}.`,
      );
      socket.terminate();
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', abort);
      resolve(socketOf(socket));
    });
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(signal.aborted ? new ProxyUnreachable('It was not waited for any longer.') : unreachable(address, failure));
    });
    if (signal.aborted) abort();
  });
}

function socketOf(socket: WebSocket): ProxySocket {
  let listener: ((bytes: Uint8Array) => void) | undefined;
  let saidNothing = true;
  let isPaused = false;
  /** Frames that were read already when reading was to stop: no more than a chunk of the network's. */
  const kept: Buffer[] = [];
  socket.pause();
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return socket.close(1003);
    saidNothing = false;
    if (listener && !isPaused) listener(data);
    else kept.push(data);
  });
  watch(socket, () => !isPaused);
  const canFlow = () => listener !== undefined && !isPaused;
  const flow = () => {
    for (let next = kept[0]; next && canFlow(); next = kept[0]) {
      kept.shift();
      listener?.(next);
    }
    if (canFlow()) socket.resume();
  };
  return {
    onData(call) {
      listener = call;
      flow();
    },
    onClose(call) {
      if (socket.readyState === WebSocket.CLOSED) return call({ code: 1006, saidNothing });
      socket.once('close', (code) => {
        flow();
        call({ code, saidNothing });
      });
    },
    write(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: true });
    },
    get unsent() {
      return socket.bufferedAmount;
    },
    pause() {
      isPaused = true;
      socket.pause();
    },
    resume() {
      isPaused = false;
      flow();
    },
    close() {
      listener = undefined;
      kept.length = 0;
      // The farewell of the other side has to be read.
      socket.resume();
      socket.close(1000);
    },
  };
}

/** Ends a connection whose other side is gone; nothing is read from one that is paused, and nothing held against it. */
function watch(socket: WebSocket, isRead: () => boolean): void {
  let isAnswered = true;
  socket.on('pong', () => {
    isAnswered = true;
  });
  const ping = setInterval(() => {
    if (!isAnswered && isRead()) return socket.terminate();
    isAnswered = !isRead();
    socket.ping();
  }, pingMs);
  socket.once('close', () => clearInterval(ping));
}

const LOCAL_CODE = 'ERR_ADDRESS_LOCAL';

function localAddress(): Error {
  return Object.assign(new Error('this machine itself'), { code: LOCAL_CODE });
}

const farLookup: LookupFunction = (hostname, options, callback) => {
  guardedLookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = Array.isArray(found) ? found : [];
    const first = addresses[0];
    if (error || first === undefined) callback(error ?? new Error('no address'), '', 4);
    else if (addresses.some(({ address }) => isLocal(address))) callback(localAddress(), '', 4);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function unreachable({ host }: ProxyAddress, error: unknown): ProxyUnreachable {
  if (error instanceof ProxyUnreachable) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === LOCAL_CODE) {
    return new ProxyUnreachable(
      `The cloud says its console proxy is at ${host}, which is this machine itself. Correct Nova's base URL of the proxy ([serial_console] base_url, [vnc] novncproxy_base_url).`,
    );
  }
  if (message === 'Opening handshake has timed out') return new ProxyUnreachable(`The console proxy at ${host} does not answer.`);
  if (message === 'Server sent no subprotocol')
    return new ProxyUnreachable(`What answers at ${host} does not speak the sub-protocol binary, so it is no console proxy of Nova's.`);
  return new ProxyUnreachable(`The console proxy was not reached: ${sortNetworkFailure(error, host).detail}.`);
}
