import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface CertificateOptions {
  /** As openssl has it: `DNS:localhost,IP:127.0.0.1`. */
  readonly altNames?: string;
  /** Negative for one that expired. */
  readonly days?: number;
  /** What the files are called: `server` for `servercert.pem` and `serverkey.pem`. */
  readonly prefix: 'server' | 'client';
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

async function openssl(...args: string[]): Promise<void> {
  await execa('openssl', args, { stdin: 'ignore' });
}

/** A certificate authority of a test's own. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #folder: string;
  readonly #key: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.certificate = join(folder, 'cacert.pem');
    this.#key = join(folder, 'cakey.pem');
  }

  static async create(folder: string, name = 'Test CA'): Promise<CertificateAuthority> {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const authority = new CertificateAuthority(folder);
    const usage = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign,cRLSign'];
    const files = ['-keyout', authority.#key, '-out', authority.certificate];
    await openssl('req', '-x509', ...KEY, ...files, '-subj', `/CN=${name}`, '-days', '30', ...usage);
    return authority;
  }

  /** Makes a certificate and its key in `folder`, where libvirt's names for them are used. */
  async issue(folder: string, name: string, options: CertificateOptions): Promise<void> {
    const { altNames, days = 30, prefix } = options;
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const request = join(folder, `${prefix}.csr`);
    const names = altNames === undefined ? [] : ['-addext', `subjectAltName=${altNames}`];
    const key = join(folder, `${prefix}key.pem`);
    await openssl('req', '-new', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`, ...names);
    const issuer = ['-CA', this.certificate, '-CAkey', this.#key, '-CAcreateserial'];
    const out = ['-out', join(folder, `${prefix}cert.pem`), '-days', String(days)];
    await openssl('x509', '-req', '-in', request, ...issuer, ...out, '-copy_extensions', 'copy');
  }

  /** Writes a revocation list with this certificate on it. */
  async revoke(certificate: string, list: string): Promise<void> {
    const configuration = join(this.#folder, 'ca.conf');
    const index = join(this.#folder, 'index.txt');
    await writeFile(index, '');
    await writeFile(
      configuration,
      `[ca]\ndefault_ca=own\n[own]\ndatabase=${index}\ndefault_md=sha256\ndefault_crl_days=30\n`,
    );
    const own = ['-config', configuration, '-cert', this.certificate, '-keyfile', this.#key];
    await openssl('ca', ...own, '-revoke', certificate);
    await openssl('ca', ...own, '-gencrl', '-out', list);
  }
}
