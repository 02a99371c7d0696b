import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { DeclaredGuest, DeclaredInterface, GuestSource, ImageSource } from '../file/model.ts';
import { writeBytes } from '../file/sizes.ts';

/** What a change takes to show in the guest. */
export type Effect = 'now' | 'restart' | 'rebuild' | 'provision';

/**
 * The properties of a guest as its file declares them, by key of kvm.yaml. Secrets and files are there as digests only.
 * They are kept with the domain and compared at the next Up, in whatever language: no word of them is translated.
 */
export type Facets = ReadonlyMap<string, string>;

const EFFECTS: Readonly<Record<string, Effect>> = {
  image: 'rebuild',
  arch: 'rebuild',
  firmware: 'rebuild',
  'cloud-init': 'rebuild',
  ports: 'now',
  provision: 'provision',
  env: 'provision',
};

/** A running guest takes most changes at its next start. */
export function effectOf(key: string, facets: Facets): Effect {
  // passt learns its ports when the guest starts.
  if (key === 'ports' && isOnPasst(facets)) return 'restart';
  return EFFECTS[key] ?? 'restart';
}

function isOnPasst(facets: Facets): boolean {
  return (
    facets
      .get('networks')
      ?.split(', ')
      .some((card) => card.split(' ')[0] === 'passt') === true
  );
}

// not for people: they are compared with those that the domain keeps
export async function facetsOf(guest: DeclaredGuest): Promise<Facets> {
  const { disks, cloudInit, provision, env } = guest;
  const facets: (readonly [string, string | undefined])[] = [
    ...(await sourceFacets(guest.source)),
    ['cpus', String(guest.cpus)],
    ['memory', writeBytes(guest.memoryKiB * 1024)],
    ['arch', guest.arch],
    ['machine', guest.machine],
    ['firmware', guest.firmware],
    ['tpm', guest.tpm ? 'true' : undefined],
    ['accel', guest.accel],
    ['display', guest.display ? 'true' : undefined],
    ...disks.map(
      (disk, index) =>
        [
          `disk ${index + 1}`,
          disk.kind === 'file'
            ? `${disk.path} (${disk.format}, ${disk.bus})`
            : `${disk.bytes === undefined ? 'as the image' : writeBytes(disk.bytes)} (${disk.format}, ${disk.bus})`,
        ] as const,
    ),
    ['networks', guest.networks?.map(interfaceText).join(', ')],
    [
      'ports',
      guest.ports
        .map(({ address, host, guest, protocol }) => `${address}:${host}:${guest}/${protocol}`)
        .join(', '),
    ],
    [
      'mounts',
      guest.mounts
        .map(
          ({ source, target, readonly, driver }) =>
            `${source}:${target}${readonly ? ':ro' : ''}${driver === undefined ? '' : ` (${driver})`}`,
        )
        .join(', '),
    ],
    [
      'cloud-init',
      cloudInit === undefined
        ? undefined
        : digestOf(cloudInit, await contents([cloudInit.userDataFile, cloudInit.networkConfigFile])),
    ],
    [
      'provision',
      provision.length === 0
        ? undefined
        : digestOf(
            provision,
            await contents(provision.map((each) => (each.kind === 'file' ? each.path : undefined))),
          ),
    ],
    ['env', Object.keys(env).length === 0 ? undefined : digestOf(env)],
    ['ssh', guest.ssh === undefined ? undefined : `${guest.ssh.user}, port ${guest.ssh.port}`],
    ['xml', guest.xml === undefined ? undefined : digestOf(guest.xml)],
  ];
  return new Map(
    facets.filter((facet): facet is [string, string] => facet[1] !== undefined && facet[1] !== ''),
  );
}

async function sourceFacets(source: GuestSource): Promise<(readonly [string, string | undefined])[]> {
  switch (source.kind) {
    case 'image':
      return [['image', imageText(source.image)]];
    case 'kernel':
      return [
        ['kernel', await fileText(source.kernel)],
        ['initrd', source.initrd === undefined ? undefined : await fileText(source.initrd)],
        ['cmdline', source.cmdline],
      ];
    case 'iso':
      return [['iso', await fileText(source.iso)]];
    case 'multiboot':
      return [
        ['multiboot', await fileText(source.multiboot)],
        ['cmdline', source.cmdline],
      ];
  }
}

function imageText(image: ImageSource): string {
  switch (image.kind) {
    case 'catalogue':
      return image.name;
    case 'file':
      return image.path;
    case 'volume':
      return `${image.pool}/${image.volume}`;
    case 'url':
      return `${image.url} ${image.checksum.algorithm}:${image.checksum.digest.slice(0, 12)}`;
  }
}

/** A kernel that was built again counts as changed. */
async function fileText(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${path} (${writeBytes(size)}, ${new Date(mtimeMs).toISOString()})`;
}

function interfaceText({ to, mac, model }: DeclaredInterface): string {
  const name = 'network' in to ? to.network : 'bridge' in to ? `bridge:${to.bridge}` : to.kind;
  return [name, mac, model === 'virtio' ? undefined : model].filter((each) => each !== undefined).join(' ');
}

async function contents(paths: readonly (string | undefined)[]): Promise<readonly string[]> {
  return Promise.all(paths.map(async (path) => (path === undefined ? '' : readFile(path, 'utf8'))));
}

/** Short, and reveals nothing. */
function digestOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 12);
}

/** One digest of all facets. */
export function hashOf(facets: Facets): string {
  return createHash('sha256')
    .update(JSON.stringify([...facets]))
    .digest('hex')
    .slice(0, 24);
}
