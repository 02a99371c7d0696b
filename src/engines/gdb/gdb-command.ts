/** One word of a gdb command. */
export function gdbQuoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Sources that the program has in one folder are in another one here. */
// not for people: gdb reads it
export function substitutePath(from: string, to: string): string {
  return `set substitute-path ${gdbQuoted(from)} ${gdbQuoted(to)}`;
}

/**
 * Reads symbols of what was moved by so much, all but some sections. (`symbol-file` can move all or nothing.) gdb moves
 * constants of the linker as well, which have no section.
 */
export function addMovedSymbols(
  path: string,
  offset: bigint,
  absolute: readonly { readonly name: string; readonly address: bigint }[],
): string {
  const places = absolute.map(({ name, address }) => ` -s ${name} 0x${address.toString(16)}`);
  // not for people: a command of gdb's
  return `add-symbol-file ${gdbQuoted(path)} -o 0x${offset.toString(16)}${places.join('')}`;
}

/** One argument of a command of gdb's interface for machines (GDB/MI), whatever a person wrote into it. */
export function miString(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': '', '\t': String.raw`\t` };
  return `"${text.replaceAll(/["\\\n\r\t]/g, (character) => escapes[character] ?? `\\${character}`)}"`;
}
