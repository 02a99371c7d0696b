import { randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Fresh folders instead of copies: the machine's own guests, networks and secrets have no place here. */
const folders = ['run', 'lib', 'lib/images', 'lib/boot', 'etc', 'log', 'cache'];

/**
 * QEMU runs as it does on the machine, but logs to plain files, without a security driver, and without a mount
 * namespace each, which the daemon's own is in the way of.
 */
const qemuConf = `stdio_handler = "file"\nsecurity_driver = "none"\nnamespaces = []\n`;

function libvirtdConf(folder: string): string {
  return [
    `host_uuid = "${randomUUID()}"`,
    `unix_sock_group = "root"`,
    `auth_unix_rw = "none"`,
    `auth_unix_ro = "none"`,
    `log_outputs = "3:file:${join(folder, 'libvirtd.log')}"`,
    '',
  ].join('\n');
}

function sessionConf(folder: string): string {
  return `host_uuid = "${randomUUID()}"\nlog_outputs = "3:file:${join(folder, 'libvirtd.log')}"\n`;
}

export async function writeConfiguration(folder: string, mode: 'system' | 'session'): Promise<void> {
  // The QEMU user has to reach what tests put here.
  await chmod(folder, 0o755);
  for (const name of folders) await mkdir(join(folder, name), { mode: 0o755 });
  const conf = mode === 'system' ? libvirtdConf(folder) : sessionConf(folder);
  await writeFile(join(folder, 'libvirtd.conf'), conf);
  const qemuConfFolder = mode === 'system' ? join(folder, 'etc') : join(folder, 'etc', 'libvirt');
  await mkdir(qemuConfFolder, { recursive: true });
  await writeFile(join(qemuConfFolder, 'qemu.conf'), qemuConf);
}

/** What makes a session daemon keep to the folder. */
export function sessionEnvironment(folder: string): Record<string, string> {
  return {
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_CONFIG_HOME: join(folder, 'etc'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'lib'),
  };
}
