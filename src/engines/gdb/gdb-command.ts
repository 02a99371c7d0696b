/** One word of a gdb command. */
export function gdbQuoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Sources that the program has in one folder are in another one here. */
// not for people: gdb reads it
export function substitutePath(from: string, to: string): string {
  return `set substitute-path ${gdbQuoted(from)} ${gdbQuoted(to)}`;
}
