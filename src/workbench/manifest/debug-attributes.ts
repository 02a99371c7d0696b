/** What every session may say, whether it boots a guest or attaches to one. */
const common = {
  host: {
    type: 'string',
    markdownDescription:
      'Name or URI of a libvirt host of the Hosts view. Without it, the host that has the domain, or the first with QEMU.',
  },
  program: {
    type: 'string',
    markdownDescription: 'An ELF file with the symbols of what runs in the guest.',
  },
  vmlinux: {
    type: 'string',
    markdownDescription:
      'The `vmlinux` of a Linux kernel; it is checked against the kernel that runs. `auto` looks for it in the workspace.',
  },
  sourceFileMap: {
    type: 'object',
    additionalProperties: { type: 'string' },
    markdownDescription:
      'Where to find the sources of a program that was built elsewhere: each folder there, with its folder here. Without it, the files of the workspace decide.',
    default: {},
  },
  gdb: {
    type: 'string',
    markdownDescription:
      'The gdb to use. Without it, the first of `gdb` and `gdb-multiarch` that knows the guest’s architecture.',
  },
  debugger: {
    type: 'string',
    markdownDescription:
      'The debugger to hand the session to, if not `gdb`; its extension must be installed.',
    default: 'gdb',
    examples: ['gdb', 'cppdbg', 'lldb', 'lldb-dap', 'gdbtarget', 'cortex-debug'],
  },
  hardwareBreakpoints: {
    type: 'boolean',
    markdownDescription:
      'Use the processor’s own breakpoints. This is the default with KVM, where code may be loaded over other code.',
  },
  checkSymbols: {
    type: 'boolean',
    default: true,
    markdownDescription: 'Compare the symbols with the guest’s memory before anything is stopped.',
  },
  commands: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    markdownDescription: 'Commands for gdb once it is connected, before the guest runs.',
  },
  scripts: {
    type: 'boolean',
    default: true,
    markdownDescription:
      'Load the kernel’s own helpers for gdb (`vmlinux-gdb.py`: `lx-symbols`, `lx-dmesg`…). You are asked once for each kernel.',
  },
  verbose: {
    type: 'boolean',
    default: false,
    markdownDescription: 'Log the conversation with gdb in the debug console.',
  },
};

export const attach = {
  required: ['domain'],
  properties: {
    domain: {
      type: 'string',
      markdownDescription: 'The running domain to attach to, by name or UUID.',
    },
    ...common,
  },
};

export const launch = {
  properties: {
    domain: {
      type: 'string',
      markdownDescription: 'A domain that is shut off. It is booted for the session, and forced off with it.',
    },
    kernel: {
      type: 'string',
      markdownDescription: 'What to boot: a Linux image, a multiboot ELF, or for `virt` machines any ELF.',
    },
    initrd: { type: 'string', markdownDescription: 'The initial RAM disk.' },
    cmdline: {
      type: 'string',
      markdownDescription: 'The kernel’s command line. With `vmlinux`, `nokaslr` is added.',
    },
    image: {
      type: 'string',
      markdownDescription:
        'A disk image (qcow2 or raw) to boot, or to attach next to the kernel. The guest writes to it.',
    },
    memory: { type: 'integer', minimum: 1, markdownDescription: 'Memory in MiB.' },
    vcpus: {
      type: 'integer',
      minimum: 1,
      default: 1,
      markdownDescription: 'Number of vCPUs. Each is a thread of the session.',
    },
    machine: {
      type: 'string',
      markdownDescription: 'QEMU’s machine type. By default `q35`, `pc` or `virt`.',
    },
    arch: {
      type: 'string',
      markdownDescription: 'The guest’s architecture. By default the kernel’s.',
      enum: ['x86_64', 'i386', 'i686', 'aarch64', 'riscv64'],
    },
    acceleration: {
      type: 'string',
      markdownDescription:
        '`tcg` emulates the processor, and every breakpoint works; `kvm` runs the guest on the processor itself.',
      enum: ['tcg', 'kvm'],
      default: 'tcg',
    },
    stopAtEntry: {
      type: 'boolean',
      default: false,
      markdownDescription: 'Stop before the first instruction.',
    },
    record: {
      type: 'boolean',
      default: false,
      markdownDescription:
        'Record the run, to replay it afterwards and step backwards. The guest is emulated and has one vCPU.',
    },
    replay: { type: 'string', markdownDescription: 'The folder of a recording to replay.' },
    ...common,
  },
};
