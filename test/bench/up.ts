import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { EnvironmentBench } from '../integration/engines/environment/support.ts';
import { destroyGuest, findOwnGuests } from '../../src/engines/environment/deploy/down.ts';
import { planEnvironment } from '../../src/engines/environment/deploy/plan.ts';
import { up } from '../../src/engines/environment/deploy/up.ts';
import { seedFiles, writeSeed } from '../../src/engines/environment/access/seed.ts';
import { SshKeys } from '../../src/engines/environment/access/ssh-keys.ts';
import { runOverSsh } from '../../src/engines/environment/access/ssh-run.ts';
import { linuxKernelFor } from '../support/linux-guest.ts';
import { debianImage } from '../support/debian-image.ts';
import { freePort } from '../support/free-port.ts';
import { median } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [
    ...requirements.libvirt,
    extras.debianTree,
    extras.ext4,
    extras.cdrom,
    extras.ssh,
    extras.virtInstall,
  ],
  root: 'it makes a disk image of Debian',
};

const ROUNDS = 7;
const NOOP_ROUNDS = 15;
const PROMPT = /login: /u;
/** A distribution takes minutes where it is emulated. */
const SSH_ROUNDS = 1;
const LATE_MS = 90_000;
const VERY_LATE_MS = 10 * 60_000;

/**
 * From Up to a prompt on the serial port, and from an image of Debian to ssh when cloud-init is done, against QEMU run
 * by hand with the same guest: the same kernel, machine, CPU, memory and devices, in turn with ours, so that both see
 * the same machine.
 */
export async function run(): Promise<Record<string, number>> {
  // First, since it may turn out not to be had here.
  const image = await debianImage();
  await using bench = await EnvironmentBench.open();
  const prompt = await measure(
    ROUNDS,
    () => promptByUp(bench),
    () => promptByQemu(bench),
  );
  const virtInstall = await promptByVirtInstall(bench);
  const ssh = await measure(
    SSH_ROUNDS,
    () => sshByUp(bench, image),
    () => sshByQemu(bench, image),
  );
  const noop = await measureNoop(bench);
  return {
    prompt_vs_qemu: prompt.ratio,
    prompt_ms: prompt.ours,
    qemu_prompt_ms: prompt.theirs,
    prompt_vs_virt_install: prompt.ours / virtInstall,
    virt_install_prompt_ms: virtInstall,
    ssh_vs_qemu: ssh.ratio,
    ssh_ms: ssh.ours,
    qemu_ssh_ms: ssh.theirs,
    up_noop_ms: noop,
  };
}

async function measure(rounds: number, ours: () => Promise<number>, theirs: () => Promise<number>) {
  const times: { ours: number[]; theirs: number[]; ratios: number[] } = { ours: [], theirs: [], ratios: [] };
  // What is read for the first time is read for both.
  await theirs();
  await ours();
  for (let round = 0; round < rounds; round += 1) {
    const their = await theirs();
    const our = await ours();
    times.theirs.push(their);
    times.ours.push(our);
    // Side by side: a machine that is shared is not as fast a minute later.
    times.ratios.push(our / their);
  }
  return { ours: median(times.ours), theirs: median(times.theirs), ratio: median(times.ratios) };
}

const CMDLINE = 'console=ttyS0 quiet';

async function kernelYaml(bench: EnvironmentBench, name: string): Promise<string> {
  const { kernel, initrd } = await linuxKernelFor(bench.daemon);
  return `name: t\nguests:\n  ${name}:\n    kernel: ${kernel}\n    initrd: ${initrd}\n    cmdline: ${CMDLINE}\n    memory: 128 MiB\n    accel: tcg\n    networks: [user]\n`;
}

async function promptByUp(bench: EnvironmentBench): Promise<number> {
  const text = await kernelYaml(bench, 'bench');
  const environment = await bench.load(text);
  const started = performance.now();
  const plan = await planEnvironment(environment, async () => bench.host);
  await up(environment, plan, bench.services, {
    signal: AbortSignal.timeout(LATE_MS),
    bootTimeoutMs: LATE_MS,
  });
  const domain = await bench.connection.domains.lookupByName('t-bench');
  const stream = await bench.connection.domainStreams.openConsole(domain);
  await heard(stream, PROMPT);
  const time = performance.now() - started;
  stream.destroy();
  await remove(bench, text);
  return time;
}

async function promptByQemu(bench: EnvironmentBench): Promise<number> {
  const { kernel, initrd } = await linuxKernelFor(bench.daemon);
  const started = performance.now();
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...machine({ memory: 128, cpus: 1 }),
      '-serial',
      'stdio',
      '-kernel',
      kernel,
      '-initrd',
      initrd,
      '-append',
      CMDLINE,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await heard(qemu.stdout, PROMPT);
    return performance.now() - started;
  } finally {
    qemu.kill('SIGKILL');
  }
}

/**
 * The same guest by the program that people make guests with, on the same daemon.
 * It takes no part in the comparison round by round, since it is slower than both.
 */
async function promptByVirtInstall(bench: EnvironmentBench): Promise<number> {
  const { kernel, initrd } = await linuxKernelFor(bench.daemon);
  const { domains, domainStreams } = bench.connection;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    const machine =
      '--virt-type qemu --name by-virt-install --memory 128 --import --disk none --network user';
    const rest = '--graphics none --noautoconsole --osinfo detect=off,require=off';
    const boot = `kernel=${kernel},initrd=${initrd},kernel_args=${CMDLINE}`;
    await execa(
      'virt-install',
      ['--connect', bench.daemon.uri, '--boot', boot, ...`${machine} ${rest}`.split(' ')],
      { stdin: 'ignore' },
    );
    const domain = await domains.lookupByName('by-virt-install');
    const stream = await domainStreams.openConsole(domain);
    await heard(stream, PROMPT);
    times.push(performance.now() - started);
    stream.destroy();
    await domains.destroy(domain);
    await domains.undefine(domain);
  }
  return median(times);
}

/** What libvirt would run, less its own monitor and security: the same machine. */
function machine({ memory, cpus, forward = '' }: { memory: number; cpus: number; forward?: string }) {
  const machine =
    '-nodefaults -no-user-config -display none -machine q35,usb=off,hpet=off -accel tcg -cpu max';
  const devices = `-m ${memory} -smp ${cpus} -netdev user,id=n${forward} -device virtio-net-pci,netdev=n`;
  const random = '-object rng-random,id=r,filename=/dev/urandom -device virtio-rng-pci,rng=r';
  return `${machine} ${devices} ${random}`.split(' ');
}

const SSH_GUEST = { memory: 512, cpus: 2 };

async function sshByUp(bench: EnvironmentBench, image: string): Promise<number> {
  const text = `name: t
guests:
  box:
    image: ${image}
    memory: ${SSH_GUEST.memory} MiB
    cpus: ${SSH_GUEST.cpus}
    accel: tcg
    networks: [user]
    cloud-init: { user: dev }
`;
  const environment = await bench.load(text);
  const started = performance.now();
  const plan = await planEnvironment(environment, async () => bench.host);
  const [result] = await up(environment, plan, bench.services, {
    signal: AbortSignal.timeout(VERY_LATE_MS),
    bootTimeoutMs: VERY_LATE_MS,
  });
  if (result?.error !== undefined) throw result.error;
  const time = performance.now() - started;
  await remove(bench, text);
  return time;
}

/** The overlay, the seed and the keys are made in its time too, as somebody with a script would. */
async function sshByQemu(bench: EnvironmentBench, image: string): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const keys = new SshKeys(join(bench.folder, '.by-hand'));
  const cloudInit = {
    user: 'dev',
    hostname: 'box',
    keys: [],
    packages: [],
    runcmd: [],
    userDataFile: undefined,
    networkConfigFile: undefined,
  };
  const [authorizedKey, hostKey] = [await keys.ensureIdentity(), await keys.ensureHostKey('by-hand')];
  const seed = join(bench.folder, 'by-hand.iso');
  await writeSeed(await seedFiles({ cloudInit, instanceId: 'i', authorizedKey, hostKey, mounts: [] }), seed);
  const overlay = join(bench.folder, 'by-hand.qcow2');
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image, '-F', 'qcow2', overlay]);
  const forward = `,hostfwd=tcp:127.0.0.1:${port}-:22`;
  const disk = `file=${overlay},if=virtio,format=qcow2`;
  const cdrom = `file=${seed},if=virtio,format=raw,readonly=on`;
  const qemu = spawn(
    'qemu-system-x86_64',
    [...machine({ ...SSH_GUEST, forward }), '-serial', 'null', '-drive', disk, '-drive', cdrom],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const target = { address: '127.0.0.1', port, user: 'dev', alias: 'by-hand', knownKey: true };
    const run = async (command: string) => {
      const signal = AbortSignal.timeout(VERY_LATE_MS);
      return (await runOverSsh(keys, target, command, { signal })).exitCode;
    };
    for (;;) {
      if ((await speaksSsh(port)) && (await run('true')) === 0) break;
      if (performance.now() - started > VERY_LATE_MS) throw new Error('The guest run by hand did not answer');
      await sleep(50);
    }
    if ((await run('cloud-init status --wait')) !== 0) throw new Error('cloud-init failed in it');
    return performance.now() - started;
  } finally {
    qemu.kill('SIGKILL');
  }
}

function speaksSsh(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
    socket.once('data', () => settle(true));
  });
}

/** Everything that the command does: the file is read, checked and compared, and nothing is found to do. */
async function measureNoop(bench: EnvironmentBench): Promise<number> {
  const text = `${await kernelYaml(bench, 'one')}${(await kernelYaml(bench, 'two')).split('guests:\n')[1]}`;
  await bench.up(text);
  const times: number[] = [];
  for (let round = 0; round < NOOP_ROUNDS; round += 1) {
    const started = performance.now();
    const results = await bench.up(text);
    times.push(performance.now() - started);
    if (results.some(({ outcome }) => outcome !== 'unchanged')) throw new Error('There was something to do');
  }
  await remove(bench, text);
  return median(times);
}

async function remove(bench: EnvironmentBench, text: string): Promise<void> {
  const environment = await bench.load(text);
  for (const own of await findOwnGuests(environment.guests, bench.services.id, async () => bench.host))
    await destroyGuest(own, bench.services);
}

function heard(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(
      () => reject(new Error(`Not heard: ${String(pattern)}, but:\n${text.slice(-500)}`)),
      LATE_MS,
    );
    stream.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).slice(-4096);
      if (!pattern.test(text)) return;
      clearTimeout(late);
      resolve();
    });
  });
}
