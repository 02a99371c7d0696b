import { attach, launch } from './debug-attributes.ts';

/** In a snippet of a launch.json: VS Code's variable for the folder that is open, with more of a path behind it. */
function inWorkspace(path: string): string {
  return String.raw`^"\${workspaceFolder}/${path}"`;
}

/** What “Add Configuration…” offers. */
const configurationSnippets = [
  {
    label: 'KVM: Attach to a running guest',
    description: 'Switches the gdb stub of a running domain on',
    body: {
      type: 'kvm',
      request: 'attach',
      name: 'Attach to ${1:guest}',
      domain: '${1:guest}',
      program: inWorkspace('${2:build/kernel.elf}'),
    },
  },
  {
    label: 'KVM: Boot a kernel of your own',
    description: 'Boots an ELF kernel in a guest made for the session',
    body: {
      type: 'kvm',
      request: 'launch',
      name: 'Boot ${1:kernel}',
      kernel: inWorkspace('${2:build/kernel.elf}'),
      preLaunchTask: '${3:make}',
    },
  },
  {
    label: 'KVM: Boot a Linux kernel',
    description: 'Boots a Linux image with the symbols of its vmlinux',
    body: {
      type: 'kvm',
      request: 'launch',
      name: 'Boot Linux',
      kernel: inWorkspace('${1:arch/x86/boot/bzImage}'),
      initrd: inWorkspace('${2:initrd.img}'),
      cmdline: 'console=ttyS0',
      vmlinux: inWorkspace('vmlinux'),
    },
  },
  {
    label: 'KVM: Attach to a running Linux kernel',
    description: 'Needs the vmlinux of the kernel that runs in the guest, and finds where KASLR has put it',
    body: {
      type: 'kvm',
      request: 'attach',
      name: 'Kernel of ${1:guest}',
      domain: '${1:guest}',
      vmlinux: inWorkspace('vmlinux'),
    },
  },
  {
    label: 'KVM: Record a run',
    description: 'Records a guest, to replay it and step backwards',
    body: {
      type: 'kvm',
      request: 'launch',
      name: 'Record ${1:kernel}',
      kernel: inWorkspace('${2:build/kernel.elf}'),
      record: true,
    },
  },
];

export const debuggers = [
  {
    type: 'kvm',
    label: 'KVM Guest',
    languages: ['c', 'cpp', 'rust', 'asm', 'zig', 'go'],
    configurationAttributes: { attach, launch },
    initialConfigurations: [
      {
        type: 'kvm',
        request: 'launch',
        name: 'Boot kernel',
        kernel: '${workspaceFolder}/build/kernel.elf',
      },
    ],
    configurationSnippets,
  },
];

/** Where a breakpoint can be set with a click beside the line. */
export const breakpoints = [
  'c',
  'cpp',
  'rust',
  'asm',
  'asm-intel-x86-generic',
  'asm-collection',
  'nasm',
  'arm',
  'riscv',
  'zig',
].map((language) => ({ language }));
