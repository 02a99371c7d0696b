import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../../scripts/lib/cannot-run.ts';
import { userCache } from '../../scripts/lib/paths.ts';
import { seedFiles } from '../../src/environment/access/seed.ts';
import { SshKeys } from '../../src/environment/access/ssh-keys.ts';

const PACKAGES = ['cloud-init', 'openssh-server', 'sudo', 'iproute2'];
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxHZGV2LWtleS1vZi1zb21lYm9keS1lbHNlLTEyMzQ1 other';

/**
 * A real cloud-init reads our seed: that of a Debian 12 tree, in namespaces of its own instead of a guest, since a
 * distribution takes minutes to boot where it is emulated. It fails when anything of the seed did not arrive, or
 * cloud-init's own schema finds fault with it.
 */
export async function run(): Promise<Record<string, number>> {
  const tree = await debianTree();
  const folder = await mkdtemp(join(tmpdir(), 'kvm-cloud-init-'));
  try {
    const keys = new SshKeys(join(folder, 'keys'));
    const authorizedKey = await keys.ensureIdentity();
    const hostKey = await keys.ensureHostKey('t-box');
    const files = await seedFiles({
      cloudInit: {
        user: 'dev',
        hostname: 'seeded',
        keys: [OTHER_KEY],
        packages: [],
        runcmd: ['echo "said by a shell" > /var/tmp/one', ['touch', '/var/tmp/two words']],
        userDataFile: undefined,
        networkConfigFile: undefined,
      },
      instanceId: 't-box-1',
      authorizedKey,
      hostKey,
      mounts: [
        {
          mount: { source: '/', target: '/mnt/share', readonly: true, driver: undefined },
          tag: 'mount0',
          driver: 'virtiofs',
        },
      ],
    });
    const changes = join(folder, 'changes');
    const seed = join(changes, 'var/lib/cloud/seed/nocloud');
    for (const each of [seed, join(folder, 'work'), join(folder, 'root')])
      await mkdir(each, { recursive: true });
    for (const [name, text] of files) await writeFile(join(seed, name), text);
    const started = performance.now();
    const said = await runCloudInit(tree, folder);
    const seconds = (performance.now() - started) / 1000;

    const made = async (path: string) => readFile(join(changes, path), 'utf8');
    assert.match(said, /Valid cloud-config/u);
    assert.match(await made('result.json'), /"DataSourceNoCloud /u);
    assert.match(await made('etc/passwd'), /^dev:x:1000:1000:.*:\/home\/dev:\/bin\/bash$/mu);
    assert.match(await made('etc/sudoers.d/90-cloud-init-users'), /^dev ALL=\(ALL\) NOPASSWD:ALL$/mu);
    const authorized = (await made('home/dev/.ssh/authorized_keys')).trim().split('\n');
    assert.deepEqual(authorized.toSorted(), [authorizedKey, OTHER_KEY].toSorted());
    assert.equal((await made('etc/ssh/ssh_host_ed25519_key.pub')).trim(), hostKey.publicKey);
    assert.match(said, /^host keys: \/etc\/ssh\/ssh_host_ed25519_key$/mu, 'and no other');
    assert.equal((await made('etc/hostname')).trim(), 'seeded');
    assert.equal(await made('var/tmp/one'), 'said by a shell\n');
    assert.ok(existsSync(join(changes, 'var/tmp/two words')));
    assert.match(await made('etc/fstab'), /^mount0\s+\/mnt\/share\s+virtiofs\s+ro,nofail/mu);
    return { cloud_init_s: seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All of cloud-init's stages over the tree, which is not changed: what they write is in `changes`. */
async function runCloudInit(tree: string, folder: string): Promise<string> {
  const script = `set -e
cd ${folder}
mount -t overlay -o lowerdir=${tree},upperdir=changes,workdir=work overlay root
mount -t proc proc root/proc
mount -t sysfs sysfs root/sys
mount -t tmpfs tmpfs root/run
chroot root cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data
chroot root cloud-init init --local
chroot root cloud-init init
# What the tree has not, such as locales, fails here; what of ours fails is missed afterwards.
chroot root cloud-init modules --mode=config || true
chroot root cloud-init modules --mode=final || true
cp root/run/cloud-init/result.json changes/
echo "host keys: $(chroot root sh -c 'echo /etc/ssh/ssh_host_*_key')"
`;
  const namespaces = ['--mount', '--uts', '--pid', '--net', '--ipc', '--fork', '--kill-child'];
  const { all } = await execa('unshare', [...namespaces, 'sh', '-c', script], { stdin: 'ignore', all: true });
  return all;
}

/** Made once for each user. Needs root and mmdebstrap. */
async function debianTree(): Promise<string> {
  const tree = join(userCache, 'debian-12-cloud-init-tree');
  if (existsSync(tree)) return tree;
  if (process.getuid?.() !== 0) throw new CannotRunError('Only root can make a Debian tree');
  await mkdir(userCache, { recursive: true });
  const work = await mkdtemp(join(userCache, 'debian-12-build-'));
  try {
    const options = ['--variant=minbase', `--include=${PACKAGES.join(',')}`];
    await execa('mmdebstrap', [...options, 'bookworm', join(work, 'tree')], { stdin: 'ignore', all: true });
    await rename(join(work, 'tree'), tree);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return tree;
}
