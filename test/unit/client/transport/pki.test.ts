import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { findPkiFiles, loadCredentials } from '../../../../src/client/transport/pki.ts';

const { geteuid } = process;

const { HOME } = process.env;

suite('Where certificates are', () => {
  let home: string;
  let own: string;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'kvm-workbench-'));
    own = join(home, '.pki', 'libvirt');
    await mkdir(own, { recursive: true });
  });
  after(() => rm(home, { recursive: true, force: true }));
  afterEach(() => {
    if (geteuid !== undefined) process.geteuid = geteuid;
    process.env['HOME'] = HOME;
  });

  function become(uid: number): void {
    process.geteuid = () => uid;
    process.env['HOME'] = home;
  }

  const system = {
    ca: '/etc/pki/CA/cacert.pem',
    crl: '/etc/pki/CA/cacrl.pem',
    certificate: '/etc/pki/libvirt/clientcert.pem',
    key: '/etc/pki/libvirt/private/clientkey.pem',
  };

  test("is the system's place when a user has none of their own", async () => {
    become(1000);
    assert.deepEqual(await findPkiFiles(undefined), system);
  });

  test("is the user's for each file that is there, for certificate and key only when both are", async () => {
    become(1000);
    await writeFile(join(own, 'cacert.pem'), '');
    await writeFile(join(own, 'clientcert.pem'), '');
    assert.deepEqual(await findPkiFiles(undefined), { ...system, ca: join(own, 'cacert.pem') });
    await writeFile(join(own, 'clientkey.pem'), '');
    assert.deepEqual(await findPkiFiles(undefined), {
      ...system,
      ca: join(own, 'cacert.pem'),
      certificate: join(own, 'clientcert.pem'),
      key: join(own, 'clientkey.pem'),
    });
  });

  test("is the system's for root, whatever is in their home", async () => {
    become(0);
    assert.deepEqual(await findPkiFiles(undefined), system);
  });

  test('is the folder that the URI names, and nowhere else', async () => {
    become(1000);
    assert.deepEqual(await findPkiFiles('/no/where'), {
      ca: '/no/where/cacert.pem',
      crl: '/no/where/cacrl.pem',
      certificate: '/no/where/clientcert.pem',
      key: '/no/where/clientkey.pem',
    });
    await assert.rejects(loadCredentials({ folder: '/no/where', verify: true, sanity: true }), {
      code: 'certificate',
      message: /at \/no\/where\/cacert\.pem to check/,
    });
    const { ca, client } = await loadCredentials({ folder: '/no/where', verify: false, sanity: true });
    assert.deepEqual([ca, client], [undefined, undefined]);
  });
});
