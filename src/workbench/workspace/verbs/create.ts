import { basename, dirname, isAbsolute, relative } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { readImageHeader } from '../../../model/disk-image/image-header.ts';
import type { Environments } from '../environments.ts';
import { askHost } from './ask-host.ts';
import { askPlace, type PlaceQuestion, type Size } from './ask-place.ts';
import { setInFile } from './edit-file.ts';
import { fileForGuests } from './new-file.ts';
import { upGuests } from './up.ts';
import { choose } from '../../ui/choose.ts';
import { displayName } from '../../ui/names.ts';

/** What a guest is made of, as kvm.yaml has it. */
type GuestText = Readonly<Record<string, unknown>>;

/** The second and third question about a new guest. */
interface Questions {
  readonly name: () => string;
  readonly place: (host: string) => string;
}

const IMAGE: Questions = {
  name: () => t('Create Guest from Image (2/3): Which Name?'),
  place: (host) => t('Create Guest from Image (3/3): Which Size and Network on {0}?', host),
};

const ISO: Questions = {
  name: () => t('Create Guest from ISO (2/3): Which Name?'),
  place: (host) => t('Create Guest from ISO (3/3): Which Size and Network on {0}?', host),
};

/** Image, name, size and network: then it runs, and the file has it. */
export async function createFromImage(environments: Environments, given: unknown): Promise<void> {
  if (given instanceof vscode.Uri) return createFromDisk(environments, given.fsPath);
  const fromFile = {
    iconPath: new vscode.ThemeIcon('folder-opened'),
    label: t('Image File…'),
    // not for people: names of formats
    description: 'qcow2, raw, vmdk, vhdx, vhd, vdi',
    image: undefined,
  };
  const picked = await choose(
    [
      ...environments.images.catalogue.map((image) => ({
        label: image.title,
        description: image.name,
        image,
      })),
      fromFile,
    ],
    { title: t('Create Guest from Image (1/3): Which Image?'), matchOnDescription: true },
  );
  if (picked === undefined) return;
  const { image } = picked;
  if (image !== undefined) {
    const { name, memoryGib } = image;
    const guestOf = (size: Size) => ({ image: name, ...size });
    return finish(environments, IMAGE, name.split('-')[0] ?? name, guestOf, { leastGib: memoryGib });
  }
  const path = await chooseFile(
    t('Create Guest from Image (1/3): Which Image?'),
    t('Disk images'),
    DISK_EXTENSIONS,
  );
  if (path !== undefined) await createFromDisk(environments, path);
}

export const DISK_EXTENSIONS = ['qcow2', 'img', 'raw', 'vmdk', 'vhdx', 'vhd', 'vdi'];

/** A disk image of any format that QEMU knows. It is not changed: the guest gets an overlay, or a copy that was converted. */
export async function createFromDisk(environments: Environments, path: string): Promise<void> {
  // Its disk is as large as it is: a size of its own would be a guess.
  const guestOf = ({ cpus, memory }: Size, uri: vscode.Uri) => ({ image: pathFor(uri, path), cpus, memory });
  await finish(environments, IMAGE, nameFrom(path), guestOf, { hasDisk: true });
}

/** A CD-ROM, a name, a size and a network: then its installer runs on an empty disk, on a screen. */
export async function createFromIso(environments: Environments, given: unknown): Promise<void> {
  const iso =
    given instanceof vscode.Uri
      ? given.fsPath
      : await chooseFile(t('Create Guest from ISO (1/3): Which CD-ROM?'), t('CD-ROM images'), ['iso']);
  if (iso === undefined) return;
  if ((await readImageHeader(iso)).format !== 'iso') {
    void environments.parts.presenter.refusal(t('{0} is not an image of a CD-ROM.', basename(iso)));
    return;
  }
  await finish(environments, ISO, nameFrom(iso), ({ cpus, memory, disk }, uri) => ({
    iso: pathFor(uri, iso),
    cpus,
    memory,
    disk,
    display: true,
  }));
}

async function finish(
  environments: Environments,
  questions: Questions,
  suggestion: string,
  guestOf: (size: Size, uri: vscode.Uri) => GuestText,
  question: Omit<PlaceQuestion, 'title'> = {},
): Promise<void> {
  const uri = await fileForGuests();
  if (uri === undefined) return;
  const host = await askHost(environments, t('Create the Guest on Which Host?'));
  if (host === undefined) return;
  const name = await askName(environments, uri, questions.name(), suggestion);
  if (name === undefined) return;
  const title = questions.place(displayName(host.name));
  const place = await askPlace(environments, uri, host, { title, ...question });
  if (place === undefined) return;
  const { networks, ...size } = place;
  const guest = { ...(await hostText(environments, uri, host)), ...guestOf(size, uri) };
  await addAndRun(environments, uri, name, networks === undefined ? guest : { ...guest, networks });
}

/** What kvm.yaml says of the host: nothing of the one that its guests are on in any case. */
export async function hostText(
  environments: Environments,
  uri: vscode.Uri,
  host: Host,
): Promise<{ readonly host?: string }> {
  const saysHost = environments.entry(uri)?.loaded?.document.keyRange(['host']) !== undefined;
  const usual = await environments.hosts.host(undefined);
  return host === usual && !saysHost ? {} : { host: host.name };
}

/** Free in that file, and what a domain may be called. */
export async function askName(
  environments: Environments,
  uri: vscode.Uri,
  title: string,
  suggestion: string,
): Promise<string | undefined> {
  const taken = new Set(environments.entry(uri)?.environment?.guests.map((guest) => guest.name));
  return vscode.window.showInputBox({
    title,
    value: freeName(suggestion, taken),
    validateInput: (value) => {
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/u.test(value))
        return t('Use letters, digits, “_” and “-” only.');
      return taken.has(value) ? t('There already is a guest “{0}”.', value) : undefined;
    },
  });
}

/** The file keeps it, and it runs. */
export async function addAndRun(
  environments: Environments,
  uri: vscode.Uri,
  name: string,
  guest: GuestText,
): Promise<void> {
  await setInFile(uri, ['guests', name], guest);
  await environments.findFiles();
  const entry = environments.entry(uri);
  if (entry === undefined) return;
  await vscode.window.showTextDocument(uri, { preserveFocus: true, preview: false });
  await upGuests(environments, { entry, guests: [name] });
}

export async function chooseFile(
  title: string,
  kind: string,
  extensions: readonly string[],
): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, filters: { [kind]: [...extensions] } });
  return chosen?.[0]?.fsPath;
}

export function nameFrom(path: string): string {
  const name = basename(path)
    .replace(/\.[A-Za-z0-9]+$/u, '')
    .replaceAll(/[^A-Za-z0-9_-]+/gu, '-')
    .replace(/^[^A-Za-z0-9]+/u, '')
    .slice(0, 30)
    .toLowerCase();
  return name === '' ? 'guest' : name;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}${number}`)) return `${wanted}${number}`;
}

/** As the file would name it: within its folder from there on. */
export function pathFor(uri: vscode.Uri, path: string): string {
  const inside = relative(dirname(uri.fsPath), path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : `./${inside}`;
}
