const hosts = {
  type: 'array',
  scope: 'machine',
  default: [],
  markdownDescription:
    'libvirt hosts besides those of this machine. Each has a `name` and a connection `uri`, such as `qemu+ssh://user@host/system`.',
  items: {
    type: 'object',
    required: ['name', 'uri'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', description: 'Name to show in the Hosts view.' },
      uri: {
        type: 'string',
        description: 'A libvirt connection URI.',
        pattern: String.raw`^[A-Za-z][A-Za-z0-9]*(\+[A-Za-z0-9]+)?:.*`,
        patternErrorMessage: 'This is not a libvirt URI, such as qemu+ssh://user@host/system.',
      },
    },
  },
};

const catalogue = {
  type: 'array',
  scope: 'machine',
  default: [],
  markdownDescription:
    'Images that a `kvm.yaml` may name, besides the built-in ones. Each has a `name`, a `url` and a `checksum`: `sha256:…`, `sha512:…`, or the URL of a list of checksums.',
  items: {
    type: 'object',
    required: ['name', 'url', 'checksum'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', description: 'Name of the image in a kvm.yaml.' },
      url: { type: 'string', description: 'URL to download the image from.', pattern: '^https?://' },
      checksum: {
        type: 'string',
        description: '`sha256:…`, `sha512:…`, or the URL of a list of checksums.',
      },
    },
  },
};

/** Every setting, by its id. */
export const SETTINGS = {
  'kvm.hosts': hosts,
  'kvm.showLocalHosts': {
    type: 'boolean',
    scope: 'machine',
    default: true,
    description: 'Show the libvirt daemons of this machine (qemu:///system and qemu:///session).',
  },
  'kvm.console.keepOutput': {
    type: 'boolean',
    scope: 'machine',
    default: true,
    description:
      'Keep the latest output of serial consoles in files that only you can read, and show it again after VS Code restarts.',
  },
  'kvm.display.clipboard': {
    type: 'string',
    scope: 'machine',
    enum: ['afterInput', 'always', 'never'],
    default: 'afterInput',
    markdownDescription:
      'When a guest may fill the clipboard from its display: `afterInput` within a few seconds of a key or click in it, `always` while it is in front.',
  },
  'kvm.display.leaveKey': {
    type: 'string',
    scope: 'application',
    default: 'Ctrl+Alt',
    pattern: String.raw`^(?:(?:Ctrl|Alt|Shift|Meta)\+)*(?:Ctrl|Alt|Shift|Meta|[A-Z0-9]|F[1-9]|F1[0-2]|Escape|Pause|ScrollLock|Insert|Delete|Home|End|PageUp|PageDown|Tab|Space|Enter)$`,
    patternErrorMessage: 'Write the keys as in Ctrl+Alt, Ctrl+Alt+G or Shift+F12.',
    markdownDescription:
      'Keys that release the keyboard and mouse from the display of a guest: modifiers alone, such as `Ctrl+Alt`, or with another key, such as `Ctrl+Alt+G` or `Shift+F12`.',
  },
  'kvm.debug.gdb': {
    type: 'string',
    scope: 'machine-overridable',
    default: '',
    markdownDescription:
      'The gdb to debug guests with. If empty, the first of `gdb` and `gdb-multiarch` that knows the guest’s architecture.',
  },
  'kvm.images.folder': {
    type: 'string',
    scope: 'machine',
    default: '',
    markdownDescription:
      'Folder for base images. Guests start from them and never change them. If empty, `~/.cache/kvm-workbench/images`.',
  },
  'kvm.images.catalogue': catalogue,
  'kvm.environment.bootTimeout': {
    type: 'number',
    default: 10,
    minimum: 0.1,
    description: 'Minutes to wait until a guest accepts logins.',
  },
  'kvm.environment.shutdownTimeout': {
    type: 'number',
    default: 30,
    minimum: 0,
    description: 'Seconds to wait until a guest has shut down, before it is forced off.',
  },
};

export type SettingId = keyof typeof SETTINGS;

/** Those that name what is run: a workspace's own values count only once it is trusted. */
export const RESTRICTED_SETTINGS: readonly SettingId[] = ['kvm.debug.gdb'];
