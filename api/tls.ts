import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** PEM texts the server needs; `ca` goes into the kubeconfig. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * The server's certificate under `dir`, signed by a CA made at first start. The CA lasts ten years and stays; the server's certificate is made
 * anew when it has less than 30 days left or does not cover `host`, so a kubeconfig written once keeps working.
 */
export async function ensureTls(dir: string, host: string, now = new Date()): Promise<TlsFiles> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(dir, name);
  if (!existsSync(path('ca.crt')) || !existsSync(path('ca.key'))) await createAuthority(path('ca.crt'), path('ca.key'), now);
  const ca = readFileSync(path('ca.crt'), 'utf8');
  const names = subjectNames(host);
  if (!isCertificateUsable(path('server.crt'), path('server.key'), ca, names, now)) {
    await createServerCertificate({
      ca,
      caKey: readFileSync(path('ca.key'), 'utf8'),
      names,
      now,
      cert: path('server.crt'),
      key: path('server.key'),
    });
  }
  return { ca, cert: readFileSync(path('server.crt'), 'utf8'), key: readFileSync(path('server.key'), 'utf8') };
}

/** The name the server's clients on this machine ask for, when strangers are shown another certificate. */
export const internalName = 'localhost';

/** What a server with a certificate of one's own is made with. Whoever asks for `internalName` is shown the one made here. */
export interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
  readonly SNICallback: (servername: string, done: (error: Error | null, context?: SecureContext) => void) => void;
}

/**
 * Reads a certificate with its chain, and its key. The program and its kubeconfig go on by the generated CA: a certificate for a public name
 * does not cover the loopback address they connect to.
 */
export function readOwnCertificate(files: { readonly cert: string; readonly key: string }, generated: TlsFiles): OwnCertificate {
  const own = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  const contexts = { own: createSecureContext(own), generated: createSecureContext({ cert: generated.cert, key: generated.key }) };
  return { ...own, SNICallback: (servername, done) => done(null, servername === internalName ? contexts.generated : contexts.own) };
}

function subjectNames(host: string): string[] {
  const wildcard = host === '0.0.0.0' || host === '::';
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...(wildcard ? [] : [host])])];
}

function isCertificateUsable(certPath: string, keyPath: string, ca: string, names: string[], now: Date): boolean {
  if (!existsSync(certPath) || !existsSync(keyPath)) return false;
  const certificate = new X509Certificate(readFileSync(certPath));
  const isFresh = Date.parse(certificate.validTo) - now.getTime() > 30 * DAY_MS;
  const covers = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
  return isFresh && certificate.verify(new X509Certificate(ca).publicKey) && names.every(covers);
}

async function createAuthority(certPath: string, keyPath: string, now: Date): Promise<void> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Stackwarden CA ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 3650 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writePair(certPath, certificate, keyPath, keys.privateKey);
}

interface ServerCertificateOptions {
  readonly ca: string;
  readonly caKey: string;
  readonly names: string[];
  readonly now: Date;
  readonly cert: string;
  readonly key: string;
}

async function createServerCertificate(options: ServerCertificateOptions): Promise<void> {
  const issuer = new Certificate(options.ca);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=stackwarden',
    issuer: issuer.subject,
    notBefore: new Date(options.now.getTime() - DAY_MS),
    notAfter: new Date(options.now.getTime() + 397 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await privateKeyFromPem(options.caKey),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(options.names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  await writePair(options.cert, certificate, options.key, keys.privateKey);
}

function newKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function privateKeyFromPem(pem: string) {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
}

/** Positive and unguessable, as RFC 5280 asks. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function writePair(certPath: string, certificate: Certificate, keyPath: string, key: webcrypto.CryptoKey): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  writeWhole(keyPath, `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, 0o600);
  writeWhole(certPath, `${certificate.toString('pem')}\n`, 0o644);
}

/** Writes beside and renames: a crash leaves the old file or the new one, never half of one. */
export function writeWhole(path: string, text: string, mode: number): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode });
  chmodSync(draft, mode);
  renameSync(draft, path);
}
