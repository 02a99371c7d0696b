import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianImage } from '../support/debian-image.ts';
import { EnvironmentBench } from '../integration/engines/environment/support.ts';
import { serveImage } from './lib/image-server.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, extras.debianTree, extras.ext4, extras.cdrom, extras.ssh],
  root: 'it makes a disk image of Debian',
};

const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxHZGV2LWtleS1vZi1zb21lYm9keS1lbHNlLTEyMzQ1 other';
const LATE_MS = 15 * 60_000;

/** What is asked in the guest, by the user that the seed makes. */
const QUESTIONS = {
  user: 'id -un',
  root: 'sudo -n id -un 2>&1',
  host: 'hostname',
  keys: 'cut -d" " -f3 ~/.ssh/authorized_keys | sort | xargs',
  'host keys': 'cd /etc/ssh && echo ssh_host_*_key',
  shell: 'cat /var/tmp/one',
  words: 'ls "/var/tmp/two words"',
  file: 'cat /mnt/share/hello',
  mount: 'findmnt -no FSTYPE,OPTIONS /mnt/share | cut -d, -f1 | xargs',
  'other file': 'cat /mnt/plain/hello; echo from the guest >/mnt/plain/answer',
  'other mount': 'findmnt -no FSTYPE,OPTIONS /mnt/plain | cut -d, -f1 | xargs',
  'file system in MiB': 'df --output=size -BM / | tail -n 1 | tr -dc 0-9',
  seed: 'sudo -n cloud-init schema --system 2>&1 | tail -n 1',
  source: 'cloud-init query platform',
  status: 'cloud-init status',
};

const ANSWERS = {
  user: 'dev',
  root: 'root',
  host: 'box',
  keys: 'kvm-workbench other',
  'host keys': 'ssh_host_ed25519_key',
  shell: 'said by a shell',
  'other file': 'from the host',
  'other mount': '9p rw',
  words: '/var/tmp/two words',
  seed: 'Valid cloud-config: system userdata',
  source: 'nocloud',
  status: 'status: done',
};

const MOUNTED = { file: 'from the host', mount: 'virtiofs ro' };

/**
 * A whole distribution comes up from a catalogue: a Debian 12 with GRUB, systemd and cloud-init is downloaded from a web
 * server with its checksum, booted on an overlay, and found to be all that kvm.yaml says. Emulated, which takes
 * minutes; it fails when anything of the seed did not arrive, or cloud-init's own schema finds fault with it.
 */
export async function run(): Promise<Record<string, number>> {
  await using server = await serveImage(await debianImage());
  await using bench = await EnvironmentBench.open({}, ({ uri }) => uri, [server.entry]);
  // QEMU itself goes into a folder that is shared by 9p.
  await chmod(bench.folder, 0o711);
  for (const name of ['share', 'plain']) {
    await mkdir(join(bench.folder, name));
    await chmod(join(bench.folder, name), 0o777);
    await writeFile(join(bench.folder, name, 'hello'), 'from the host\n');
  }
  const { virtiofs } = await bench.host.machine('x86_64', 'qemu', 'q35');
  const script = Object.entries(QUESTIONS).map(([name, command]) => `echo "${name}: $(${command})"`);
  const text = `name: t
guests:
  box:
    image: ${server.entry.name}
    disk: 3 GiB
    memory: 512 MiB
    cpus: 2
    accel: tcg
    networks: [user]
    mounts:
      - { source: plain, target: /mnt/plain, driver: 9p }
${virtiofs ? '      - share:/mnt/share:ro\n' : ''}    cloud-init:
      user: dev
      keys: ['${OTHER_KEY}']
      runcmd:
        - echo "said by a shell" > /var/tmp/one
        - [touch, /var/tmp/two words]
    provision:
      - run: ${JSON.stringify(script.join('\n'))}
`;
  const started = performance.now();
  await bench.up(text, AbortSignal.timeout(LATE_MS), LATE_MS);
  const seconds = (performance.now() - started) / 1000;
  const said = Object.fromEntries(
    bench.output.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const { 'file system in MiB': size, ...rest } = said;
  assert.ok(Number(size) > 2900, `The file system was not grown: ${size} MiB`);
  const expected = { ...ANSWERS, ...(virtiofs ? MOUNTED : {}) };
  assert.deepEqual({ ...rest, ...expected }, rest, bench.output);
  assert.equal(await readFile(join(bench.folder, 'plain', 'answer'), 'utf8'), 'from the guest\n');
  const stages = bench.phases.flatMap(([, phase]) => (phase.kind === 'cloud-init' ? [phase.stage] : []));
  assert.deepEqual(stages, [
    'looking for its data',
    'network',
    'configuring',
    'packages and commands',
    'finished',
  ]);
  return { cloud_init_s: seconds };
}
