import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import {
  copyFromGuest,
  copyToGuest,
  findInGuest,
  guestPath,
  namesInGuest,
} from '../../../../../src/engines/environment/access/copy.ts';
import {
  includeGuests,
  includesGuests,
  noteSshHost,
} from '../../../../../src/engines/environment/access/ssh-config.ts';
import { SshKeys } from '../../../../../src/engines/environment/access/ssh-keys.ts';
import {
  runOverSsh,
  sshArguments,
  type SshTarget,
} from '../../../../../src/engines/environment/access/ssh-run.ts';
import { waitForSsh } from '../../../../../src/engines/environment/access/wait.ts';
import { endpointOf } from '../../../../../src/engines/environment/access/reach.ts';
import { destroyGuest, down, findOwnGuests } from '../../../../../src/engines/environment/deploy/down.ts';
import { isDisk } from '../../../../../src/engines/environment/deploy/names.ts';
import { deleteVolumes } from '../../../../../src/engines/environment/deploy/storage.ts';
import { bootOf } from '../../../../support/kvm-yaml.ts';
import { whyNoLinux } from '../../../../support/linux-guest.ts';
import { sshGuestFor } from '../../../../support/ssh-guest.ts';
import { asOwner, EnvironmentBench } from '../support.ts';

/**
 * A guest that starts from an image and a seed, with a Debian kernel and busybox instead of a distribution: it reads
 * what cloud-init would read, but is none.
 */
suite('A guest with an image, a seed and ssh', { skip: await whyNoLinux() }, () => {
  let bench: EnvironmentBench;
  let yaml: (script: string) => string;
  let mounts: string;

  before(async () => {
    bench = await EnvironmentBench.open();
    const guest = await sshGuestFor(bench.daemon);
    const image = join(bench.folder, 'base.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', image, '8M']);
    await mkdir(join(bench.folder, 'share'));
    await writeFile(join(bench.folder, 'share', 'hello'), 'from the host\n');
    const { virtiofs } = await bench.host.machine('x86_64', 'qemu', 'pc');
    mounts = virtiofs ? "    mounts: ['share:/mnt/share']\n" : '';
    yaml = (script) => `name: t
guests:
  box:
    image: base.qcow2
    disk: 16 MiB
    memory: 192 MiB
    machine: pc
    accel: tcg
    networks: [user]
${mounts}    cloud-init: { user: dev }
    provision:
      - run: ${JSON.stringify(script)}
    env: { WORD: "it's $HOME" }
${bootOf(guest)}`;
  });
  after(async () => bench[Symbol.asyncDispose]());

  async function target(): Promise<{ keys: SshKeys; target: SshTarget }> {
    const environment = await bench.load(yaml('true'));
    const [own] = await findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
    assert.ok(own);
    const endpoint = await endpointOf({ ...own, ref: own.found.ref, forwards: bench.services.forwards }, 22);
    assert.ok(endpoint);
    const { address, port } = endpoint;
    const keys = new SshKeys(bench.services.folder);
    return { keys, target: { address, port, user: 'dev', alias: 't-box', knownKey: true } };
  }

  test('comes up until somebody can log in, without a question, and its scripts have run', async () => {
    const base = await readFile(join(bench.folder, 'base.qcow2'));
    const results = await bench.up(yaml('echo "word: $WORD"; id -un; cat /sys/block/vda/size'));
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['created'],
    );
    assert.match(bench.output, /word: it's \$HOME\ndev\n32768\n/u);
    const kinds = new Set(bench.phases.map(([, { kind }]) => kind));
    for (const kind of ['image', 'define', 'volume', 'start', 'ssh', 'provision'] as const)
      assert.ok(kinds.has(kind), kind);
    assert.deepEqual(await readFile(join(bench.folder, 'base.qcow2')), base, 'the image is as it was');
    const { keys, target: at } = await target();
    const signal = AbortSignal.timeout(30_000);
    assert.deepEqual(await runOverSsh(keys, at, 'hostname', { signal }), { exitCode: 0, output: 'box\n' });
  });

  test('has a folder of the workspace', async (context) => {
    // The kernel of the test guest knows no 9p.
    if (mounts === '') return context.skip('There is no virtiofs here');
    const { keys, target: at } = await target();
    const signal = AbortSignal.timeout(30_000);
    const command = 'cat /mnt/share/hello; grep -c " /mnt/share virtiofs " /proc/mounts';
    assert.deepEqual(await runOverSsh(keys, at, command, { signal }), {
      exitCode: 0,
      output: 'from the host\n1\n',
    });
  });

  test('Up again waits for nothing, and runs no script twice', async () => {
    const output = bench.output;
    const started = performance.now();
    const [box] = await bench.up(yaml('echo "word: $WORD"; id -un; cat /sys/block/vda/size'));
    assert.equal(box?.outcome, 'unchanged');
    assert.ok(performance.now() - started < 2000);
    assert.equal(bench.output, output);
  });

  test('other scripts are told, not run', async () => {
    const [box] = await bench.up(yaml('echo other'));
    assert.deepEqual([box?.outcome, box?.provision], ['unchanged', true]);
  });

  test('files are copied both ways, whatever they are called', async () => {
    const end = await target();
    const signal = AbortSignal.timeout(60_000);
    const inGuest = async (command: string) =>
      (await runOverSsh(end.keys, end.target, command, { signal })).output;
    const share = join(bench.folder, 'share');
    const awkward = "-rf it's $HOME";
    await mkdir(join(share, 'sub'));
    await writeFile(join(share, 'sub', awkward), 'x'.repeat(300_000));
    await writeFile(join(bench.folder, '-single'), 'one\n');
    const sources = [share, join(bench.folder, '-single')];
    const told: (readonly [number, number])[] = [];
    await copyToGuest(end, sources, 'in here', { signal, onProgress: (...each) => void told.push(each) });
    assert.match(
      await inGuest(
        'cd "in here"; cat share/hello; ls -ln ./-single; echo kept >share/only-there; echo old >share/hello',
      ),
      /^from the host\n.* 1001 /u,
      'they belong to who copied them',
    );
    assert.equal(told.at(-1)?.[0], told.at(-1)?.[1]);

    assert.deepEqual(await namesInGuest(end, 'in here', ['share', 'other'], signal), ['share']);
    await copyToGuest(end, [share], 'in here', { signal });
    // A guest that would lead us elsewhere.
    const strange = 'ln -s ../../../../etc/passwd out; ln -s hello in; mkfifo pipe';
    assert.equal(
      await inGuest(`cd "in here/share"; cat hello only-there; ${strange}; ls -A ..`),
      'from the host\nkept\n-single\nshare\n',
    );

    const back = join(bench.folder, 'back');
    await mkdir(back);
    const found = await findInGuest(end, guestPath('~/in here/share/'), signal);
    const leftOut = await copyFromGuest(end, found, back, { signal });
    assert.deepEqual(leftOut.toSorted(), ['share/out', 'share/pipe']);
    assert.equal((await readFile(join(back, 'share', 'sub', awkward), 'utf8')).length, 300_000);
    assert.equal(await readFile(join(back, 'share', 'in'), 'utf8'), 'from the host\n');
    assert.deepEqual(await readdir(back), ['share']);
    await writeFile(join(back, 'share', 'mine'), 'mine');
    await copyFromGuest(end, found, back, { signal });
    assert.equal(await readFile(join(back, 'share', 'mine'), 'utf8'), 'mine');
    await assert.rejects(findInGuest(end, 'nowhere', signal), /The guest has no nowhere/u);
    await writeFile(join(share, 'large'), Buffer.alloc(4 * 1024 * 1024));
    await assert.rejects(
      copyToGuest(end, [share], '/proc/nowhere', { signal }),
      /could not store the files/u,
    );
    const gone = AbortSignal.abort();
    await assert.rejects(copyToGuest(end, [share], '.', { signal: gone }), { name: 'AbortError' });
  });

  test('other programs reach it by a name of the ssh config that is written for them', async () => {
    const { keys, target: at } = await target();
    assert.equal(await noteSshHost(bench.services.folder, keys, at), 't-box.kvm');
    const own = join(bench.folder, 'config of somebody');
    await writeFile(own, 'Host elsewhere\n  User nobody\n');
    const environments = dirname(bench.services.folder);
    assert.equal(await includesGuests(own, environments), false);
    await includeGuests(own, environments);
    assert.equal(await includesGuests(own, environments), true);
    const args = ['-F', own, '-o', 'BatchMode=yes', 't-box.kvm', 'hostname; id -un'];
    const { stdout } = await execa('ssh', args, { stdin: 'ignore' });
    assert.equal(stdout, 'box\ndev');
    assert.match((await execa('ssh', ['-F', own, '-G', 'elsewhere'])).stdout, /^user nobody$/mu);
  });

  test('one that says hardly anything while it is waited for is told of', async () => {
    const environment = await bench.load(yaml('true'));
    const [own] = await findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
    assert.ok(own);
    let stalls = 0;
    await waitForSsh(
      { ...own, ref: own.found.ref, forwards: bench.services.forwards },
      {
        signal: AbortSignal.timeout(30_000),
        timeoutMs: 30_000,
        report: () => undefined,
        keys: new SshKeys(bench.services.folder),
        onStall: () => void (stalls += 1),
        stallMs: 0,
      },
    );
    assert.equal(stalls, 1);
  });

  test('keys are private, and another host key is refused', async () => {
    const { keys, target: at } = await target();
    assert.equal((await stat(keys.identity)).mode & 0o077, 0);
    assert.equal((await stat(bench.services.folder)).mode & 0o077, 0);
    const known = await readFile(keys.knownHosts, 'utf8');
    const other = createHash('sha256').update('x').digest('base64').slice(0, 43);
    await copyFile(keys.knownHosts, `${keys.knownHosts}.kept`);
    await writeFile(
      keys.knownHosts,
      known.replace(/AAAAIH?[A-Za-z0-9+/]+/u, (key) => key.slice(0, -43) + other),
    );
    const { exitCode } = await execa(
      'ssh',
      [...sshArguments(keys, at), '-o', 'BatchMode=yes', '--', at.address, 'true'],
      {
        reject: false,
        stdin: 'ignore',
      },
    );
    assert.equal(exitCode, 255);
    await copyFile(`${keys.knownHosts}.kept`, keys.knownHosts);
  });

  test('a Rebuild that was killed after it deleted the disk is finished by Up, scripts included', async () => {
    const text = yaml('echo "word: $WORD"; id -un; cat /sys/block/vda/size');
    const stop = async () => {
      const environment = await bench.load(text);
      const [box] = await findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
      assert.ok(box?.found.record !== undefined);
      await down(box, bench.services, { signal: AbortSignal.timeout(30_000), patienceMs: 0 });
      return box.found.record;
    };
    const { volumes } = await stop();
    // What comes behind it in the list is left, such as the seed with the key that the old disk had.
    await deleteVolumes(bench.connection, volumes.filter(isDisk));
    const hostKey = await readFile(join(bench.services.folder, 't-box.host.pub'), 'utf8');
    const before = bench.output.length;
    const [box] = await bench.up(text);
    assert.deepEqual([box?.outcome, box?.provision, box?.rebuild], ['started', false, []]);
    assert.match(bench.output.slice(before), /word: it's \$HOME\ndev\n32768\n/u);
    assert.notEqual(await readFile(join(bench.services.folder, 't-box.host.pub'), 'utf8'), hostKey);
    await stop();
    const again = bench.output.length;
    await bench.up(text);
    assert.equal(bench.output.length, again, 'they run once for it');
  });

  test('Destroy takes its disk, its seed and its keys, and leaves the image', async () => {
    const environment = await bench.load(yaml('true'));
    const [own] = await findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
    assert.deepEqual(
      own?.found.record?.volumes
        .map(({ name }) => name.replace(/^(kvm-base)-.*|-[0-9a-f]{8}(?=\.iso$)/u, '$1'))
        .toSorted(),
      [...(asOwner === false ? ['kvm-base'] : []), 't-box-disk1.qcow2', 't-box-seed.iso'],
    );
    if (own !== undefined) await destroyGuest(own, bench.services);
    assert.deepEqual(await bench.inventory(), { domains: '', networks: '', pools: '' });
    assert.equal(await readFile(join(bench.services.folder, 'ssh_config'), 'utf8'), '');
    assert.doesNotMatch(await readFile(new SshKeys(bench.services.folder).knownHosts, 'utf8'), /t-box/u);
    await stat(join(bench.folder, 'base.qcow2'));
  });
});
