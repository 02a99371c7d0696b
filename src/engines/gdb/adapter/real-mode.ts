/** Asks gdb for the value of an expression. @throws Error with its words. */
type Ask = (expression: string) => Promise<string>;

/** After a reset the first instruction is at the top of the first 4 GiB, whatever the segment says. */
const RESET = { segment: 0xf000n, pointer: 0xfff0n, base: 0xffff_0000n };

/**
 * Where the code segment of an x86 processor begins that is in real mode, so that the instruction pointer counts from
 * there; 0 in every other mode, in which it is an address itself.
 */
export async function codeBase(ask: Ask): Promise<bigint> {
  try {
    if (isProtected(await ask('$cr0'))) return 0n;
    const [segment, pointer] = [numberIn(await ask('$cs')), numberIn(await ask('$pc'))];
    return segment === RESET.segment && pointer === RESET.pointer ? RESET.base : segment << 4n;
  } catch {
    // One that does not show these registers shows no other mode either.
    return 0n;
  }
}

/** gdb shows the register as a number or as the names of its bits, such as `[ PE ET ]`. */
function isProtected(cr0: string): boolean {
  return cr0.startsWith('[') ? /\bPE\b/.test(cr0) : (numberIn(cr0) & 1n) === 1n;
}

function numberIn(text: string): bigint {
  return BigInt(/0x[\da-f]+|-?\d+/.exec(text)?.[0] ?? 0);
}
