import { t } from '@vscode/l10n';
import { type KnownFrom, knownFromText } from '../access/known-from.ts';

/** How far cloud-init is; `last` when only its end is waited for. */
export type CloudInitStage = 'data' | 'network' | 'config' | 'final' | 'done' | 'last';

/** What a guest is waited for. */
export type Phase =
  | { readonly kind: 'dependency'; readonly guests: readonly string[] }
  | { readonly kind: 'other-window' }
  | { readonly kind: 'image'; readonly bytes: number; readonly total: number | undefined }
  | { readonly kind: 'convert'; readonly fraction: number | undefined }
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'define' }
  | { readonly kind: 'volume'; readonly name: string; readonly fraction: number | undefined }
  | { readonly kind: 'start' }
  | { readonly kind: 'address' }
  | { readonly kind: 'ssh'; readonly at: string; readonly from: KnownFrom }
  | { readonly kind: 'cloud-init'; readonly stage: CloudInitStage }
  | { readonly kind: 'mount'; readonly target: string }
  | { readonly kind: 'provision'; readonly index: number; readonly of: number }
  | { readonly kind: 'stop' };

/** The phase without how much of it is done: equal as long as the step lasts. */
export function stepOf(phase: Phase): Phase {
  switch (phase.kind) {
    case 'image':
      return { ...phase, bytes: 0, total: undefined };
    case 'convert':
    case 'volume':
      return { ...phase, fraction: undefined };
    default:
      return phase;
  }
}

/** What is going on, where the guest's name stands before it already. */
export function phaseText(phase: Phase): string {
  switch (phase.kind) {
    case 'dependency':
      return t('waiting for {0}…', phase.guests.join(', '));
    case 'other-window':
      return t('waiting for another window…');
    case 'image':
      if (phase.bytes === 0) return t('downloading its image…');
      return phase.total === undefined
        ? t('downloading its image, {0} MiB…', mib(phase.bytes))
        : t('downloading its image, {0} of {1} MiB…', mib(phase.bytes), mib(phase.total));
    case 'convert':
      return phase.fraction === undefined
        ? t('converting its image…')
        : t('converting its image, {0} %…', percent(phase.fraction));
    case 'network':
      return t('creating network {0}…', phase.name);
    case 'define':
      return t('defining its domain…');
    case 'volume':
      return phase.fraction === undefined
        ? t('creating {0}…', phase.name)
        : t('creating {0}, {1} %…', phase.name, percent(phase.fraction));
    case 'start':
      return t('starting…');
    case 'address':
      return t('waiting for an address (DHCP lease, guest agent, ARP table)…');
    case 'ssh':
      return t('waiting for SSH at {0} ({1})…', phase.at, knownFromText(phase.from));
    case 'cloud-init':
      return cloudInitText(phase.stage);
    case 'mount':
      return t('mounting {0}…', phase.target);
    case 'provision':
      return t('running script {0} of {1}…', phase.index, phase.of);
    case 'stop':
      return t('shutting down…');
  }
}

function cloudInitText(stage: CloudInitStage): string {
  switch (stage) {
    case 'data':
      return t('cloud-init is looking for its data…');
    case 'network':
      return t('cloud-init is setting up the network…');
    case 'config':
      return t('cloud-init is configuring the system…');
    case 'final':
      return t('cloud-init is installing packages and running commands…');
    case 'done':
      return t('cloud-init has finished');
    case 'last':
      return t('waiting for cloud-init to finish…');
  }
}

/** The same as a sentence that names the guest. */
export function phaseSentence(guest: string, phase: Phase): string {
  switch (phase.kind) {
    case 'dependency':
      return t('{0} is waiting for {1}', guest, phase.guests.join(', '));
    case 'other-window':
      return t('Waiting for another window, which brings {0} up', guest);
    case 'image':
      if (phase.bytes === 0) return t('Downloading the image of {0}', guest);
      return phase.total === undefined
        ? t('Downloading the image of {0}: {1} MiB', guest, mib(phase.bytes))
        : t('Downloading the image of {0}: {1} of {2} MiB', guest, mib(phase.bytes), mib(phase.total));
    case 'convert':
      return phase.fraction === undefined
        ? t('Converting the image of {0}', guest)
        : t('Converting the image of {0}: {1} %', guest, percent(phase.fraction));
    case 'network':
      return t('Creating network {0} for {1}', phase.name, guest);
    case 'define':
      return t('Defining the domain of {0}', guest);
    case 'volume':
      return phase.fraction === undefined
        ? t('Creating {0} for {1}', phase.name, guest)
        : t('Creating {0} for {1}: {2} %', phase.name, guest, percent(phase.fraction));
    case 'start':
      return t('Starting {0}', guest);
    case 'address':
      return t('Waiting for the address of {0} (DHCP lease, guest agent, ARP table)', guest);
    case 'ssh':
      return t('Waiting for SSH on {0} at {1} ({2})', guest, phase.at, knownFromText(phase.from));
    case 'cloud-init':
      return cloudInitSentence(guest, phase.stage);
    case 'mount':
      return t('Mounting {0} in {1}', phase.target, guest);
    case 'provision':
      return t('Running script {0} of {1} in {2}', phase.index, phase.of, guest);
    case 'stop':
      return t('Shutting down {0}', guest);
  }
}

function cloudInitSentence(guest: string, stage: CloudInitStage): string {
  switch (stage) {
    case 'data':
      return t('cloud-init in {0} is looking for its data', guest);
    case 'network':
      return t('cloud-init in {0} is setting up the network', guest);
    case 'config':
      return t('cloud-init in {0} is configuring the system', guest);
    case 'final':
      return t('cloud-init in {0} is installing packages and running commands', guest);
    case 'done':
      return t('cloud-init in {0} has finished', guest);
    case 'last':
      return t('Waiting for cloud-init in {0} to finish', guest);
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function percent(fraction: number): number {
  return Math.floor(fraction * 100);
}
