import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectPort } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { freePort } from '../../../support/free-port.ts';
import { CertificateAuthority, type CertificateOptions } from '../../../support/pki.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { refuses, using } from '../../support/attempt.ts';
import type { Outcome } from '../../support/connect-as.ts';
import { tunnel } from '../../support/tunnel.ts';

const isRoot = process.getuid?.() === 0;
/** Nobody in particular, and no member of any group. */
const STRANGER = 65_534;
const ALT_NAMES = 'DNS:host.example,IP:127.0.0.1,IP:::1';

suite('TLS', () => {
  let folder: string;
  let authority: CertificateAuthority;
  let daemon: PrivateDaemon;
  let port: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-tls-'));
    await chmod(folder, 0o755);
    authority = await CertificateAuthority.create(join(folder, 'ca'));
    await serveCertificate();
    await clientFolder('client', authority);
    port = await freePort();
    daemon = await startPrivateDaemon({
      listen: true,
      settings: {
        listen_tls: 1,
        listen_tcp: 0,
        listen_addr: '127.0.0.1',
        tls_port: String(port),
        auth_tls: 'none',
        // So that it starts with a certificate that nobody should accept.
        tls_no_sanity_certificate: 1,
        ca_file: authority.certificate,
        cert_file: join(folder, 'server', 'servercert.pem'),
        key_file: join(folder, 'server', 'serverkey.pem'),
      },
    });
  });
  after(async () => {
    await daemon.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function serveCertificate(options: Partial<CertificateOptions> = {}, issuer = authority) {
    await issuer.issue(join(folder, 'server'), 'host.example', {
      prefix: 'server',
      altNames: ALT_NAMES,
      ...options,
    });
  }

  /** A daemon answers on its own socket a moment before it listens on the network. */
  async function portOpen(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const socket = connectPort({ host: '127.0.0.1', port });
      try {
        await once(socket, 'connect');
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await delay(50);
      } finally {
        socket.destroy();
      }
    }
  }

  /** Runs something while the daemon shows another certificate. */
  async function withCertificate(
    options: Partial<CertificateOptions>,
    work: () => Promise<void>,
    issuer?: CertificateAuthority,
  ): Promise<void> {
    await serveCertificate(options, issuer);
    await daemon.restart();
    await portOpen();
    try {
      await work();
    } finally {
      await serveCertificate();
      await daemon.restart();
      await portOpen();
    }
  }

  /** A folder for pkipath=, with the CA of the daemon and a client certificate of `issuer`, if there is one. */
  async function clientFolder(name: string, issuer?: CertificateAuthority, days?: number): Promise<string> {
    const path = join(folder, name);
    await mkdir(path, { recursive: true, mode: 0o755 });
    await copyFile(authority.certificate, join(path, 'cacert.pem'));
    await issuer?.issue(path, 'client', { prefix: 'client', ...(days === undefined ? {} : { days }) });
    return path;
  }

  function uriOf(client: string, { host = '127.0.0.1', at = port, extras = '' } = {}): string {
    return `test://${host}:${at}/default?pkipath=${encodeURIComponent(join(folder, client))}${extras}`;
  }

  test('is what a URI with a host means; the server is checked and checks us', () =>
    using(uriOf('client'), async (connection) => {
      assert.equal(await connection.type(), 'TEST');
      assert.deepEqual(connection.warnings, []);
      assert.equal((await connection.domains.list()).length, 1);
    }));

  test('can be named', () =>
    using(uriOf('client').replace('test:', 'test+tls:'), async (connection) =>
      assert.equal(await connection.type(), 'TEST'),
    ));

  test('goes over IPv6', async () => {
    await using far = await tunnel('::1', port);
    await using(uriOf('client', { host: '[::1]', at: far.port }), async (connection) =>
      assert.equal(await connection.type(), 'TEST'),
    );
  });

  test('carries many calls at once', () =>
    using(uriOf('client'), async (connection) => {
      const names = await Promise.all(Array.from({ length: 100 }, () => connection.hostname()));
      assert.equal(new Set(names).size, 1);
    }));

  test('with no_verify asks nobody for a CA, and says so', async () => {
    const path = await clientFolder('no CA', authority);
    await rm(join(path, 'cacert.pem'));
    await using(uriOf('no CA', { host: 'localhost', extras: '&no_verify=1' }), async (connection) => {
      assert.equal(await connection.type(), 'TEST');
      assert.equal(connection.warnings.length, 1);
      assert.match(connection.warnings[0] ?? '', /localhost.*no_verify/);
    });
    await refuses(uriOf('no CA', { extras: '&no_verify=0' }), { code: 'certificate', message: /no CA/ });
    await refuses(uriOf('client', { extras: '&no_verify=maybe' }), { code: 'bad-uri', message: /maybe/ });
  });

  test('says that tls_priority has no meaning here', () =>
    using(uriOf('client', { extras: '&tls_priority=NORMAL' }), async ({ warnings }) =>
      assert.match(warnings.join(), /tls_priority/),
    ));

  test('without a CA certificate: where it was looked for', async () => {
    await mkdir(join(folder, 'empty'));
    await refuses(uriOf('empty'), {
      code: 'certificate',
      message: new RegExp(`no CA certificate.*${folder}/empty/cacert.pem`),
      hint: /pkipath=/,
    });
  });

  test('with a CA file that is none', async () => {
    const path = await clientFolder('odd');
    await writeFile(join(path, 'cacert.pem'), 'hello');
    await refuses(uriOf('odd'), { code: 'certificate', message: /odd\/cacert.pem does not hold/ });
  });

  test('to a server of another CA, even one of the same name: unknown issuer', async () => {
    for (const name of ['Test CA', 'Other CA']) {
      const other = await CertificateAuthority.create(join(folder, `${name}-2`), name);
      await clientFolder('elsewhere', authority);
      await copyFile(other.certificate, join(folder, 'elsewhere', 'cacert.pem'));
      await refuses(uriOf('elsewhere'), {
        code: 'certificate',
        message: /^The certificate of 127.0.0.1 is not signed by the CA in .*elsewhere\/cacert.pem$/,
        hint: /no_verify=1/,
      });
    }
  });

  test('to a host under a name that its certificate does not have', () =>
    refuses(uriOf('client', { host: 'localhost' }), {
      code: 'certificate',
      message: /^The certificate of localhost is for another name: host.example, 127.0.0.1, /,
      hint: /a name from the certificate/,
    }));

  test('to an address that its certificate does not have', () =>
    withCertificate({ altNames: 'DNS:127.0.0.1,DNS:localhost' }, async () => {
      await refuses(uriOf('client'), { code: 'certificate', message: /for another name/ });
      await using(uriOf('client', { host: 'localhost' }), (connection) => connection.hostname());
    }));

  test('to a server whose certificate expired', () =>
    withCertificate({ days: -1 }, () =>
      refuses(uriOf('client'), {
        code: 'certificate',
        message: /^The certificate of 127.0.0.1 has expired$/,
      }),
    ));

  test('to a server whose certificate was revoked', async () => {
    const path = await clientFolder('list', authority);
    await authority.revoke(join(folder, 'client', 'clientcert.pem'), join(path, 'cacrl.pem'));
    await using(uriOf('list'), (connection) => connection.hostname());
    await authority.revoke(join(folder, 'server', 'servercert.pem'), join(path, 'cacrl.pem'));
    await refuses(uriOf('list'), { code: 'certificate', message: /was revoked/, hint: /cacrl\.pem/ });
  });

  test('without a client certificate where one is wanted: where it was looked for', async () => {
    const path = await clientFolder('anonymous');
    await refuses(uriOf('anonymous'), {
      code: 'authentication',
      message: /wants a client certificate, and there is none/,
      hint: new RegExp(`${path}/clientcert.pem.*${path}/clientkey.pem`),
    });
  });

  test('with a client certificate of somebody else: the server does not accept it', async () => {
    const other = await CertificateAuthority.create(join(folder, 'stranger-ca'), 'Strangers');
    await clientFolder('stranger', other);
    await refuses(uriOf('stranger'), {
      code: 'authentication',
      message: /did not accept our certificate .*stranger\/clientcert.pem/,
      hint: /tls_allowed_dn_list/,
    });
  });

  test('with a client certificate that expired: before anybody is asked, unless the URI says not to', async () => {
    await clientFolder('late', authority, -1);
    await refuses(uriOf('late'), { code: 'certificate', message: /late\/clientcert.pem expired on/ });
    await refuses(uriOf('late', { extras: '&no_sanity=1' }), {
      code: 'authentication',
      message: /did not accept our certificate/,
    });
  });

  test("with a key that is another certificate's, none at all, or encrypted", async () => {
    const path = await clientFolder('keys', authority);
    const key = join(path, 'clientkey.pem');
    const right = await readFile(key, 'utf8');
    await copyFile(join(folder, 'server', 'serverkey.pem'), key);
    await refuses(uriOf('keys'), { code: 'certificate', message: /does not belong to the certificate/ });
    await writeFile(key, 'hello');
    await refuses(uriOf('keys'), { code: 'certificate', message: /does not hold a private key/ });
    await refuses(uriOf('keys', { extras: '&no_sanity=1' }), { code: 'certificate', message: /cannot use/ });
    await execa('openssl', ['pkey', '-aes256', '-passout', 'pass:secret', '-out', key], { input: right });
    await refuses(uriOf('keys'), { code: 'certificate', message: /is encrypted/, hint: /openssl pkey/ });
  });

  test('with a key that may not be read: permission denied', { skip: !isRoot && 'needs root' }, async () => {
    const path = await clientFolder('private', authority);
    await chmod(join(path, 'clientkey.pem'), 0o600);
    const script = join(import.meta.dirname, '../../support/connect-as.ts');
    const { stdout } = await execa(process.execPath, [script, String(STRANGER), uriOf('private')]);
    const { code, message } = JSON.parse(stdout) as Outcome;
    assert.equal(code, 'permission-denied');
    assert.equal(message, `The private key ${path}/clientkey.pem cannot be read`);
  });

  test('to a port where nobody listens: refused', async () => {
    await refuses(uriOf('client', { at: await freePort() }), {
      code: 'refused',
      message: /^127.0.0.1:\d+ refused/,
      hint: /libvirtd-tls\.socket/,
    });
    await refuses(uriOf('client', { host: '[::1]', at: await freePort() }), {
      code: 'refused',
      message: /^\[::1\]:\d+ refused/,
    });
  });

  test('to a host that does not exist: unknown host', () =>
    refuses(uriOf('client', { host: 'no-such-host.invalid' }), {
      code: 'unknown-host',
      message: /no-such-host\.invalid/,
    }));

  test('is over when the daemon is: lost', async () => {
    const connection = await connect(uriOf('client'), AbortSignal.timeout(5_000));
    await daemon.kill('SIGKILL');
    try {
      assert.equal((await connection.closed)?.name, 'TransportError');
      await assert.rejects(connection.hostname(), { name: 'ConnectionClosedError' });
    } finally {
      await daemon.start();
    }
  });
});
