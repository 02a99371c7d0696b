import type { KindName } from '../../../model/inventory/kinds/kind.ts';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import type { CommandsOf } from '../../manifest/commands.ts';
import type { CommandContext } from '../context.ts';

/** What a command does with the objects that it is called on. */
export type ObjectVerb = (context: CommandContext, targets: readonly ObjectTarget[]) => Promise<void>;

/** Each command is an action of its kind, which says when it is possible; the verbs are loaded with the first command. */
export const ACTIONS = {
  'kvm.pool.start': ['pool', 'start'],
  'kvm.pool.stop': ['pool', 'stop'],
  'kvm.pool.refresh': ['pool', 'refresh'],
  'kvm.pool.enableAutostart': ['pool', 'enableAutostart'],
  'kvm.pool.disableAutostart': ['pool', 'disableAutostart'],
  'kvm.pool.remove': ['pool', 'remove'],
  'kvm.pool.upload': ['pool', 'upload'],
  'kvm.volume.create': ['pool', 'createVolume'],
  'kvm.volume.clone': ['volume', 'clone'],
  'kvm.volume.resize': ['volume', 'resize'],
  'kvm.volume.download': ['volume', 'download'],
  'kvm.volume.wipe': ['volume', 'wipe'],
  'kvm.volume.delete': ['volume', 'delete'],
  'kvm.volume.copyPath': ['volume', 'copyPath'],
} as const satisfies Readonly<
  Record<
    Exclude<CommandsOf<'kvm.pool'> | CommandsOf<'kvm.volume'>, 'kvm.pool.create'>,
    readonly [KindName, string]
  >
>;

type Actions = typeof ACTIONS;

/** What each action of a kind does. */
export type ObjectVerbs = {
  readonly [Id in keyof Actions as `${Actions[Id][0]} ${Actions[Id][1]}`]: ObjectVerb;
};
