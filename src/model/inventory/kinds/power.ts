/** What networks and storage pools have in common: libvirt can start them, by itself too, and forgets transient ones. */
export interface PowerState {
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
}

/** What can be done with one in its state, by the names that menus look for. */
export function powerActions({ active, persistent, autostart }: PowerState): readonly string[] {
  return [
    active ? 'stop' : 'start',
    ...(persistent ? [autostart ? 'disableAutostart' : 'enableAutostart', 'undefine'] : []),
    'editXml',
  ];
}

/** For asking which of all are in a list that libvirt made by a flag. */
export function keysOf(refs: readonly { readonly uuid: string }[]): ReadonlySet<string> {
  return new Set(refs.map(({ uuid }) => uuid));
}
