import { randomInt, randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Fresh folders instead of copies: the machine's own guests, networks and secrets have no place here. */
const folders = ['run', 'lib', 'lib/images', 'lib/boot', 'etc', 'log', 'cache'];

const DISPLAYS = 20;
const FIRST_DISPLAY_PORT = 10_000;
const LAST_DISPLAY_PORT = 30_000;

/**
 * QEMU runs as it does on the machine, but logs to plain files, without a security driver, and without a mount
 * namespace each, which the daemon's own is in the way of. Daemons know nothing of each other's displays, so each
 * has ports of its own for them.
 */
function qemuConf(): string {
  const first =
    randomInt((LAST_DISPLAY_PORT - FIRST_DISPLAY_PORT) / DISPLAYS) * DISPLAYS + FIRST_DISPLAY_PORT;
  return formatSettings({
    stdio_handler: 'file',
    security_driver: 'none',
    namespaces: [],
    remote_display_port_min: first,
    remote_display_port_max: first + DISPLAYS - 1,
  });
}

/** What libvirtd.conf sets, by name. */
export type Settings = Readonly<Record<string, string | number | readonly string[]>>;

function usualSettings(folder: string, mode: 'system' | 'session'): Settings {
  const everywhere = {
    host_uuid: randomUUID(),
    log_outputs: `3:file:${join(folder, 'libvirtd.log')}`,
  };
  if (mode === 'session') return everywhere;
  return { ...everywhere, unix_sock_group: 'root', auth_unix_rw: 'none', auth_unix_ro: 'none' };
}

/** Strings, numbers and lists of strings look the same in JSON. */
function formatSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join('');
}

export async function writeConfiguration(
  folder: string,
  mode: 'system' | 'session',
  settings: Settings = {},
): Promise<void> {
  // The QEMU user has to reach what tests put here.
  await chmod(folder, 0o755);
  for (const name of folders) await mkdir(join(folder, name), { mode: 0o755 });
  const conf = formatSettings({ ...usualSettings(folder, mode), ...settings });
  await writeFile(join(folder, 'libvirtd.conf'), conf);
  const qemuConfFolder = mode === 'system' ? join(folder, 'etc') : join(folder, 'etc', 'libvirt');
  await mkdir(qemuConfFolder, { recursive: true });
  await writeFile(join(qemuConfFolder, 'qemu.conf'), qemuConf());
}

/** What makes a session daemon keep to the folder. */
export function sessionEnvironment(folder: string) {
  return {
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_CONFIG_HOME: join(folder, 'etc'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'lib'),
  };
}
