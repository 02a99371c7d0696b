import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';

/** Where libvirt's clients look for what TLS needs. */
export interface PkiFiles {
  readonly ca: string;
  readonly crl: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a TLS connection works with, as PEM. */
export interface Credentials {
  /** Absent only where nothing is verified. */
  readonly ca: string | undefined;
  readonly crl: string | undefined;
  /** What we show of ourselves; a daemon may not ask for it. */
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  readonly files: PkiFiles;
}

export interface PkiOptions {
  /** `pkipath=`: the only folder to look in. */
  readonly folder: string | undefined;
  /** Whether the server is verified, which takes a CA. */
  readonly verify: boolean;
  /** Whether our own files are examined, so that what is wrong with them is known before a server says no. */
  readonly sanity: boolean;
}

const SYSTEM: PkiFiles = {
  ca: '/etc/pki/CA/cacert.pem',
  crl: '/etc/pki/CA/cacrl.pem',
  certificate: '/etc/pki/libvirt/clientcert.pem',
  key: '/etc/pki/libvirt/private/clientkey.pem',
};

const PEM_CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const howTo = (): string => t('How to make certificates: https://libvirt.org/kbase/tlscerts.html.');

type Part = keyof PkiFiles;

/**
 * Looks where libvirt does: an explicit folder is final. Otherwise the user's own files come before the
 * system's, the certificate and its key only as a pair; root has no files of its own.
 */
export async function findPkiFiles(folder: string | undefined): Promise<PkiFiles> {
  if (folder !== undefined) return filesIn(folder);
  if (process.geteuid?.() === 0) return SYSTEM;
  const own = filesIn(userFolder());
  const hasPair = (await exists(own.certificate)) && (await exists(own.key));
  return {
    ca: (await exists(own.ca)) ? own.ca : SYSTEM.ca,
    crl: (await exists(own.crl)) ? own.crl : SYSTEM.crl,
    certificate: hasPair ? own.certificate : SYSTEM.certificate,
    key: hasPair ? own.key : SYSTEM.key,
  };
}

/** @throws TransportError (`certificate`, `permission-denied`) that names the file and what is wrong with it. */
export async function loadCredentials(options: PkiOptions): Promise<Credentials> {
  const files = await findPkiFiles(options.folder);
  const ca = await read('ca', files);
  if (ca === undefined && options.verify) throw noCa(files, options.folder);
  const certificate = await read('certificate', files);
  // In the system's folder it may be out of our sight, and the daemon may not ask for it.
  const key = certificate === undefined ? undefined : await read('key', files);
  if (options.sanity) examine(files, ca, certificate, key);
  return {
    ca,
    crl: await read('crl', files),
    client: certificate === undefined || key === undefined ? undefined : { certificate, key },
    files,
  };
}

function userFolder(): string {
  return join(homedir(), '.pki', 'libvirt');
}

function filesIn(folder: string): PkiFiles {
  return {
    ca: join(folder, 'cacert.pem'),
    crl: join(folder, 'cacrl.pem'),
    certificate: join(folder, 'clientcert.pem'),
    key: join(folder, 'clientkey.pem'),
  };
}

function noCa(files: PkiFiles, folder: string | undefined): TransportError {
  const own = process.geteuid?.() === 0 ? [] : [filesIn(userFolder()).ca];
  const places = folder === undefined ? [...own, SYSTEM.ca] : [files.ca];
  const [first = '', second] = places;
  return new TransportError(
    'certificate',
    second === undefined
      ? t('There is no CA certificate at {0} to check the server with', first)
      : t('There is no CA certificate at {0} or {1} to check the server with', first, second),
    `${t('Copy cacert.pem of the CA that signed the server’s certificate to {0}, or name its folder with pkipath=.', first)} ${howTo()}`,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Undefined when there is no such file, or none that may be seen: libvirt does not tell these apart either. */
async function read(part: Part, files: PkiFiles): Promise<string | undefined> {
  const path = files[part];
  if (!(await exists(path))) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TransportError(
      'permission-denied',
      unreadable(part, path),
      t(
        'Only some users may read it: make yourself its owner, or put your own copy below {0}.',
        userFolder(),
      ),
      { cause },
    );
  }
}

function unreadable(part: Part, path: string): string {
  switch (part) {
    case 'ca':
      return t('The CA certificate {0} cannot be read', path);
    case 'crl':
      return t('The revocation list {0} cannot be read', path);
    case 'certificate':
      return t('The client certificate {0} cannot be read', path);
    case 'key':
      return t('The private key {0} cannot be read', path);
  }
}

function examine(
  { ca: caFile, certificate: certificateFile, key: keyFile }: PkiFiles,
  ca: string | undefined,
  certificate: string | undefined,
  key: string | undefined,
): void {
  if (ca !== undefined) {
    const all = certificatesIn(ca, caFile);
    // A bundle may hold the old CA next to the new one.
    if (!all.some(isCurrent)) throw notCurrent(all[0], 'ca', caFile);
  }
  if (certificate === undefined || key === undefined) return;
  const [own] = certificatesIn(certificate, certificateFile);
  if (own !== undefined && !isCurrent(own)) throw notCurrent(own, 'certificate', certificateFile);
  const privateKey = privateKeyIn(key, keyFile);
  if (own?.checkPrivateKey(privateKey) !== true)
    throw new TransportError(
      'certificate',
      t('The private key {0} does not belong to the certificate {1}', keyFile, certificateFile),
      `${t('The two are made together.')} ${howTo()}`,
    );
}

function certificatesIn(pem: string, path: string): readonly X509Certificate[] {
  try {
    const found = pem.match(PEM_CERTIFICATES)?.map((text) => new X509Certificate(text)) ?? [];
    if (found.length > 0) return found;
    throw new Error(t('It has no PEM block'));
  } catch (cause) {
    throw new TransportError('certificate', t('{0} does not hold a certificate', path), howTo(), { cause });
  }
}

function privateKeyIn(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const encrypted = pem.includes('ENCRYPTED');
    throw new TransportError(
      'certificate',
      encrypted
        ? t('The private key {0} is encrypted, which libvirt’s clients do not support', path)
        : t('{0} does not hold a private key', path),
      encrypted
        ? t('Store it without a passphrase (“openssl pkey -in OLD -out NEW”), readable only by you.')
        : howTo(),
      { cause },
    );
  }
}

function isCurrent({ validFrom, validTo }: X509Certificate): boolean {
  const now = Date.now();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function notCurrent(
  certificate: X509Certificate | undefined,
  part: 'ca' | 'certificate',
  path: string,
): TransportError {
  const expired = certificate !== undefined && Date.parse(certificate.validTo) < Date.now();
  return new TransportError(
    'certificate',
    expired
      ? expiredText(part, path, certificate.validTo)
      : notYetText(part, path, certificate?.validFrom ?? ''),
    `${t('Have a new one made, or check the clock of this machine.')} ${howTo()}`,
  );
}

function expiredText(part: 'ca' | 'certificate', path: string, when: string): string {
  return part === 'ca'
    ? t('The CA certificate {0} expired on {1}', path, when)
    : t('The client certificate {0} expired on {1}', path, when);
}

function notYetText(part: 'ca' | 'certificate', path: string, when: string): string {
  return part === 'ca'
    ? t('The CA certificate {0} is not valid before {1}', path, when)
    : t('The client certificate {0} is not valid before {1}', path, when);
}
