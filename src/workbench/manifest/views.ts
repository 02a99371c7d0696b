import { COMMANDS, type CommandId } from './commands.ts';

/** A button of a welcome text, with the words of its command. */
function button(command: CommandId): string {
  return `[${COMMANDS[command].title}](command:${command})`;
}

export const viewsContainers = {
  activitybar: [{ id: 'kvm', title: 'KVM', icon: 'media/kvm.svg' }],
};

export const views = {
  kvm: [
    {
      id: 'kvm.hosts',
      name: 'Hosts',
      contextualTitle: 'KVM Workbench',
      icon: 'media/kvm.svg',
      initialSize: 2,
    },
    {
      id: 'kvm.workspace',
      name: 'Workspace',
      contextualTitle: 'KVM Workbench',
      icon: 'media/kvm.svg',
      initialSize: 1,
    },
  ],
};

/** What an empty view says. */
export const viewsWelcome = [
  {
    view: 'kvm.hosts',
    when: 'kvm.ready && kvm.localHidden',
    contents: [
      'The hosts of this machine are hidden by the setting kvm.showLocalHosts, and no other host was added yet.',
      button('kvm.host.add'),
      'A host on another machine is reached over ssh, for example qemu+ssh://user@host/system.',
    ].join('\n'),
  },
  {
    view: 'kvm.hosts',
    when: 'kvm.ready && !kvm.localHidden',
    contents: [
      'No libvirt daemon was found on this machine, and no other host was added yet.',
      button('kvm.host.add'),
      'A host on another machine is reached over ssh, for example qemu+ssh://user@host/system.\n',
      'To run guests here, install libvirt and QEMU (on Debian and Ubuntu: libvirt-daemon-system, qemu-system-x86).',
      button('kvm.refresh'),
    ].join('\n'),
  },
  {
    view: 'kvm.workspace',
    // Nobody knows before the workspace was looked through.
    when: 'kvm.environmentsKnown && !kvm.hasEnvironment',
    contents: [
      'A small file, kvm.yaml, declares the guests of this workspace; one command runs them.',
      button('kvm.environment.new'),
      button('kvm.environment.createFromImage'),
      button('kvm.environment.import'),
    ].join('\n'),
  },
];

export const terminal = {
  profiles: [{ id: 'kvm.console', title: 'KVM Guest Console', icon: '$(vm)' }],
};
