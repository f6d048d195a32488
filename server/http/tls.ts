import { createPrivateKey, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// tsyringe, inside @peculiar/x509, needs it loaded first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { ConfigurationError } from '../platform/configuration-file.ts';

export interface TlsFiles {
  cert: Buffer;
  key: Buffer;
}

const validDays = 397;
const renewBeforeMs = 30 * 86_400_000;

/** The certificate that an administrator provides. Errors: `configuration_invalid`, with the file and what was expected. */
export async function readCertificate(certificate: string, key: string): Promise<TlsFiles> {
  const files = {
    cert: await readNamed(certificate, 'server.certificate'),
    key: await readNamed(key, 'server.key'),
  };
  const parsed = attempt(() => new NodeCertificate(files.cert));
  if (parsed === undefined) throw unusable(certificate, 'server.certificate', 'expected a certificate in PEM form');
  const privateKey = attempt(() => createPrivateKey(files.key));
  if (privateKey === undefined)
    throw unusable(key, 'server.key', 'expected a private key in PEM form, without a password');
  if (!parsed.checkPrivateKey(privateKey)) throw unusable(key, 'server.key', `expected the key of ${certificate}`);
  return files;
}

async function readNamed(file: string, path: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw unusable(file, path, missing ? 'expected this file, but it is missing' : 'expected a readable file');
  }
}

function unusable(file: string, path: string, expected: string): ConfigurationError {
  return new ConfigurationError(file, [{ path, expected }]);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * The server's own certificate, made at the first start and made anew 30 days before its end or when the names change.
 * It stays the same between, so that a browser that trusts it need not be asked again. The key is for the owner only.
 */
export async function ownCertificate(folder: string, names: readonly string[], nowMs: number): Promise<TlsFiles> {
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  const wanted = ['localhost', '127.0.0.1', '::1', ...names];
  try {
    const files = { cert: await readFile(certFile), key: await readFile(keyFile) };
    if (isUsable(files, wanted, nowMs)) return files;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await makeCertificate(wanted, nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(keyFile, made.key, 0o600);
  await writeWhole(certFile, made.cert, 0o644);
  return made;
}

/** Files that a power cut has left empty or apart are of no use either. */
function isUsable({ cert, key }: TlsFiles, names: readonly string[], nowMs: number): boolean {
  const certificate = attempt(() => new NodeCertificate(cert));
  const privateKey = attempt(() => createPrivateKey(key));
  if (certificate === undefined || privateKey === undefined || !certificate.checkPrivateKey(privateKey)) return false;
  const covers = (name: string) =>
    isAddress(name) ? certificate.checkIP(name) !== undefined : certificate.checkHost(name) !== undefined;
  return Date.parse(certificate.validTo) - nowMs > renewBeforeMs && names.every(covers);
}

async function makeCertificate(names: readonly string[], nowMs: number): Promise<TlsFiles> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Lien Thong',
    notBefore: new Date(nowMs - 86_400_000),
    notAfter: new Date(nowMs + validDays * 86_400_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    cert: Buffer.from(certificate.toString('pem')),
    key: Buffer.from(x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')),
  };
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}

async function writeWhole(path: string, content: Buffer, mode: number): Promise<void> {
  await writeFile(`${path}.part`, content, { mode });
  await rename(`${path}.part`, path);
}
