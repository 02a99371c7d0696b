import { t } from '@vscode/l10n';
import { isMap } from 'yaml';
import { nearestNames } from '../../../language/schema/suggest.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { CATALOGUE } from '../images/catalogue.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkUserData } from './check-user-data.ts';
import type { EnvironmentDocument, PathStep } from './document.ts';
import type { DeclaredGuest, Environment } from './model.ts';
import { problem, type Problem } from './problem.ts';

/** What is known beside the file's own text. */
export interface Surroundings {
  /** Whether there is a file, or a folder. */
  exists(path: string): Promise<'file' | 'folder' | undefined>;
  /** Names of images that people added to the catalogue. */
  readonly images: readonly string[];
}

/** Finds what a schema cannot express: wrong sources, missing files, dangling references, cycles and duplicates. */
export async function checkMeaning(
  document: EnvironmentDocument,
  environment: Environment,
  surroundings: Surroundings,
): Promise<readonly Problem[]> {
  const context = { document, environment, surroundings };
  const ofGuests = await Promise.all(environment.guests.map((guest) => checkGuest(guest, context)));
  return [
    ...ofGuests.flat(),
    ...samePorts(context),
    ...(await checkUserData(document, environment.guests)),
    ...checkDependencies(document, environment.guests),
    ...checkSubnets(context),
  ];
}

interface Context {
  readonly document: EnvironmentDocument;
  readonly environment: Environment;
  readonly surroundings: Surroundings;
}

const SOURCES = ['image', 'kernel', 'iso', 'multiboot'] as const;

async function checkGuest(guest: DeclaredGuest, context: Context): Promise<readonly Problem[]> {
  const { document } = context;
  const at = (...path: readonly PathStep[]) => document.rangeOf(['guests', guest.name, ...path]);
  const keyOf = (...path: readonly PathStep[]) =>
    document.keyRange(['guests', guest.name, ...path]) ?? at(...path);
  const problems: Problem[] = [];
  const given = SOURCES.filter((key) => document.nodeAt(['guests', guest.name, key]) !== undefined);
  const [first, second] = given;
  if (first === undefined)
    return [
      problem(
        keyOf(),
        'no-source',
        t('“{0}” has nothing to boot from. Add “image”, “kernel”, “iso” or “multiboot”.', guest.name),
      ),
    ];
  if (second !== undefined)
    problems.push(
      problem(
        keyOf(second),
        'two-sources',
        t('“{0}” already boots from “{1}”. Remove one of the two.', guest.name, first),
      ),
    );
  const has = (key: string) => document.nodeAt(['guests', guest.name, key]) !== undefined;
  const { kind } = guest.source;
  if (kind !== 'kernel' && has('initrd'))
    problems.push(problem(keyOf('initrd'), 'unused', t('“initrd” needs a “kernel”.')));
  if (kind !== 'kernel' && kind !== 'multiboot' && has('cmdline'))
    problems.push(problem(keyOf('cmdline'), 'unused', t('“cmdline” needs a “kernel” or “multiboot”.')));
  problems.push(...checkImage(guest, context), ...checkSizes(guest, context), ...checkXml(guest, context));
  guest.ports.forEach((port, index) => {
    if (port.host > 65_535 || port.guest > 65_535 || port.host < 1 || port.guest < 1)
      problems.push(problem(at('ports', index), 'value', t('A port is a number from 1 to 65535.')));
  });
  problems.push(...(await checkFiles(guest, context)));
  return problems;
}

function checkImage(
  { name, source }: DeclaredGuest,
  { document, surroundings }: Context,
): readonly Problem[] {
  if (source.kind !== 'image') return [];
  const at = (...path: readonly PathStep[]) => document.rangeOf(['guests', name, 'image', ...path]);
  const node = document.nodeAt(['guests', name, 'image']);
  const { image } = source;
  if (isMap(node)) {
    const ways = ['url', 'path', 'volume'].filter((key) => node.has(key));
    if (ways.length !== 1)
      return [problem(at(), 'no-source', t('An image needs exactly one of “url”, “path” and “volume”.'))];
    if (image.kind === 'url' && !node.has('checksum'))
      return [
        problem(
          at('url'),
          'no-checksum',
          t('A downloaded image needs a “checksum”: “sha256:” followed by its digest.'),
        ),
      ];
    return [];
  }
  if (image.kind === 'file' && /^https?:\/\//u.test(textAt(document, ['guests', name, 'image'])))
    return [
      problem(
        at(),
        'no-checksum',
        t('A downloaded image needs a checksum. Write “url” and “checksum” below “image”.'),
      ),
    ];
  if (image.kind !== 'catalogue') return [];
  const known = [...CATALOGUE.map((each) => each.name), ...surroundings.images];
  if (known.includes(image.name)) return [];
  const [nearest] = nearestNames(image.name, known);
  const message =
    nearest === undefined
      ? t('The catalogue has no image “{0}”. To use a file, write its path: “./disk.qcow2”.', image.name)
      : t('The catalogue has no image “{0}”. Did you mean “{1}”?', image.name, nearest);
  return [problem(at(), 'unknown-image', message)];
}

const MIN_MEMORY_KIB = 1024;

function checkSizes(
  { name, memoryKiB, disks, source }: DeclaredGuest,
  { document }: Context,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (memoryKiB < MIN_MEMORY_KIB)
    problems.push(
      problem(
        document.rangeOf(['guests', name, 'memory']),
        'value',
        t('A guest needs at least 1 MiB of memory.'),
      ),
    );
  disks.forEach((disk, index) => {
    if (disk.kind === 'new' && disk.bytes === undefined && !(index === 0 && source.kind === 'image'))
      problems.push(
        problem(
          document.rangeOf(['guests', name, 'disk', index]),
          'missing',
          t('A new disk needs a “size”.'),
        ),
      );
  });
  return problems;
}

function checkXml({ name, xml }: DeclaredGuest, { document }: Context): readonly Problem[] {
  if (xml === undefined) return [];
  const parsed = parseDocument(xml);
  const [first] = parsed.problems;
  const range = document.rangeOf(['guests', name, 'xml']);
  if (first !== undefined) return [problem(range, 'xml', t('This is not valid XML: {0}', first.message))];
  if (parsed.root?.name !== 'domain') return [problem(range, 'xml', t('This XML must begin with <domain>.'))];
  return [];
}

async function checkFiles(
  guest: DeclaredGuest,
  { document, surroundings }: Context,
): Promise<readonly Problem[]> {
  const wanted = filesOf(guest);
  const found = await Promise.all(wanted.map(({ path }) => surroundings.exists(path)));
  return wanted.flatMap(({ step, path, kind }, index) => {
    if (found[index] === kind) return [];
    const range = document.rangeOf(['guests', guest.name, ...step]);
    return [problem(range, 'no-file', noFileText(path, kind, found[index] !== undefined))];
  });
}

/** @param isOther whether the other kind is there under that name */
function noFileText(path: string, kind: WantedFile['kind'], isOther: boolean): string {
  if (kind === 'file')
    return isOther ? t('“{0}” is a folder, not a file.', path) : t('There is no file “{0}”.', path);
  return isOther ? t('“{0}” is a file, not a folder.', path) : t('There is no folder “{0}”.', path);
}

interface WantedFile {
  readonly step: readonly PathStep[];
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** The files of this machine that a guest needs. */
function filesOf({ source, disks, mounts, provision, cloudInit }: DeclaredGuest): readonly WantedFile[] {
  const wanted: WantedFile[] = [];
  const file = (path: string | undefined, ...step: readonly PathStep[]) => {
    if (path !== undefined) wanted.push({ step, path, kind: 'file' });
  };
  if (source.kind === 'kernel') {
    file(source.kernel, 'kernel');
    file(source.initrd, 'initrd');
  }
  if (source.kind === 'multiboot') file(source.multiboot, 'multiboot');
  if (source.kind === 'iso') file(source.iso, 'iso');
  if (source.kind === 'image' && source.image.kind === 'file' && !isUrl(source.image.path))
    file(source.image.path, 'image');
  disks.forEach((disk, index) => {
    if (disk.kind === 'file') file(disk.path, 'disk', index);
  });
  mounts.forEach((mount, index) =>
    wanted.push({ step: ['mounts', index], path: mount.source, kind: 'folder' }),
  );
  provision.forEach((script, index) => {
    if (script.kind === 'file') file(script.path, 'provision', index);
  });
  file(cloudInit?.userDataFile, 'cloud-init', 'user-data');
  file(cloudInit?.networkConfigFile, 'cloud-init', 'network-config');
  return wanted;
}

function samePorts({ document, environment }: Context): readonly Problem[] {
  const users = new Map<string, string>();
  return environment.guests.flatMap((guest) =>
    guest.ports.flatMap((port, index) => {
      const key = `${port.host}/${port.protocol}`;
      const other = users.get(key);
      users.set(key, guest.name);
      if (other === undefined) return [];
      const range = document.rangeOf(['guests', guest.name, 'ports', index]);
      const message = t('Port {0} of this machine already leads to “{1}”.', key, other);
      return [problem(range, 'same-port', message)];
    }),
  );
}

function checkSubnets({ document, environment }: Context): readonly Problem[] {
  return environment.networks.flatMap(({ name, subnet }) => {
    const wrong = subnet
      ?.split(/[./]/u)
      .slice(0, 4)
      .some((part) => Number(part) > 255);
    if (wrong !== true) return [];
    return [
      problem(
        document.rangeOf(['networks', name, 'subnet']),
        'value',
        t('Each part of an address is at most 255.'),
      ),
    ];
  });
}

/** A URL without its checksum has a problem of its own already. */
function isUrl(path: string): boolean {
  return /\/https?:\//u.test(path);
}

function textAt(document: EnvironmentDocument, path: readonly PathStep[]): string {
  const { start, end } = document.rangeOf(path);
  return document.text.slice(start, end).replace(/^["']/u, '');
}
