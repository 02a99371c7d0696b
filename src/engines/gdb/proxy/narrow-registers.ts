/** A register as a stub describes it, in the order in which they stand in a `g` packet. */
interface Register {
  readonly name: string;
  readonly bits: number;
}

export interface RegisterLayout {
  /** The 32-bit registers, for gdb, with the numbers that they have in the stub. */
  readonly description: string;
  /** Cuts the values of all registers (the reply to `g`) down to those that are described. */
  narrow(values: string): string;
  /** Widens a write of one register (`P`) to what the stub expects; other packets stay as they are. */
  widenWrite(request: string): string;
}

const NARROW: ReadonlyMap<string, string> = new Map(
  ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp', 'ip'].map((name) => [`r${name}`, `e${name}`]),
);
const POINTERS: ReadonlyMap<string, string> = new Map([
  ['eip', 'code_ptr'],
  ['ebp', 'data_ptr'],
  ['esp', 'data_ptr'],
]);
const CORE = /^(eflags|[c-gs]s|st[0-7]|f(?:ctrl|stat|tag|iseg|ioff|oseg|ooff|op))$/;
const SSE = /^(xmm[0-7]|mxcsr)$/;
const SYSTEM = /^(cr\d|efer|[fg]s_base)$/;

interface Kept extends Register {
  readonly feature: 'core' | 'sse' | 'system';
  readonly number: number;
  /** In hexadecimal digits of the stub's packet. */
  readonly start: number;
  readonly narrowed: boolean;
}

/** @param text the stub's description of an x86-64 processor, with the files that it includes behind it */
export function narrowDescription(text: string): RegisterLayout {
  let start = 0;
  const kept: Kept[] = [];
  for (const [number, { name, bits }] of registersIn(text).entries()) {
    const feature = featureOf(name);
    const narrow = NARROW.get(name);
    const narrowed = narrow !== undefined;
    if (feature !== undefined)
      kept.push({ name: narrow ?? name, bits: narrowed ? 32 : bits, feature, number, start, narrowed });
    start += bits / 4;
  }
  const widened = new Set(kept.filter(({ narrowed }) => narrowed).map(({ number }) => number));
  return {
    description: describe(kept),
    narrow: (values) =>
      values.startsWith('E')
        ? values
        : kept.map((each) => values.slice(each.start, each.start + each.bits / 4)).join(''),
    widenWrite: (request) => {
      const number = /^P([0-9a-f]+)=[0-9a-f]{8}$/.exec(request)?.[1];
      return number !== undefined && widened.has(Number.parseInt(number, 16))
        ? `${request}00000000`
        : request;
    },
  };
}

/** QEMU's file has some registers in comments only. */
function registersIn(text: string): readonly Register[] {
  const plain = withoutComments(text);
  return [...plain.matchAll(/<reg name="(\w+)" bitsize="(\d+)"/g)].map((match) => ({
    name: match[1] ?? '',
    bits: Number(match[2]),
  }));
}

/** Each is looked for once, also where one never ends. */
function withoutComments(text: string): string {
  const [first = '', ...others] = text.split('<!--');
  const behind = others.map((part) => {
    const end = part.indexOf('-->');
    return end === -1 ? '' : part.slice(end + 3);
  });
  return [first, ...behind].join('');
}

function featureOf(name: string): Kept['feature'] | undefined {
  if (NARROW.has(name) || CORE.test(name)) return 'core';
  if (SSE.test(name)) return 'sse';
  return SYSTEM.test(name) ? 'system' : undefined;
}

function describe(kept: readonly Kept[]): string {
  const feature = (name: string, which: Kept['feature']) => {
    const elements = kept.filter((each) => each.feature === which).map(element);
    return `<feature name="${name}">${elements.join('')}</feature>`;
  };
  return [
    '<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target><architecture>i386</architecture>',
    feature('org.gnu.gdb.i386.core', 'core'),
    feature('org.gnu.gdb.i386.sse', 'sse'),
    feature('org.qemu.gdb.i386.system', 'system'),
    '</target>',
  ].join('');
}

function element({ name, bits, number, feature }: Kept): string {
  const type = POINTERS.get(name) ?? (bits === 80 ? 'i387_ext' : bits === 128 ? 'uint128' : `int${bits}`);
  const group = feature === 'system' ? ' group="system"' : /^f[a-z]{2}/.test(name) ? ' group="float"' : '';
  return `<reg name="${name}" bitsize="${bits}" type="${type}"${group} regnum="${number}"/>`;
}
