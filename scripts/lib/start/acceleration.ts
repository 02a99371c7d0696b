import { access, constants } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

const patienceMs = 4000;

/** It has counted with the help of interrupts by then, which some nested KVM never get to. */
const proof = 'tick 2';

/**
 * Which domain type is good here. That /dev/kvm opens proves little on a machine that is itself a guest, so
 * the demo system is booted with it and has to be up and counting in a moment.
 */
export async function chooseDomainType(kernel: string, signal: AbortSignal): Promise<'kvm' | 'qemu'> {
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return 'qemu';
  const args = ['-accel', 'kvm', '-m', '16', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'];
  const trial = execa('qemu-system-x86_64', [...args, '-nodefaults', '-vga', 'std', '-kernel', kernel], {
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 500,
  });
  const ended = trial.then(() => false);
  const counted = new Promise<boolean>((resolve) => {
    let output = '';
    trial.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(proof)) resolve(true);
    });
  });
  const works = await Promise.race([counted, ended, delay(patienceMs, false, { ref: false })]);
  trial.kill('SIGKILL');
  await ended;
  return works ? 'kvm' : 'qemu';
}
