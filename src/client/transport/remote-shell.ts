/** One word for a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What has a meaning within single quotes in some shell, within double quotes in `sh`, or is not ASCII. */
const MEANT = /[^ -~]|["$'\\`!]/gu;

/**
 * The command line with which a login shell of another machine runs a script in `sh`. ssh hands it one string, and that
 * shell may be any: fish takes backslashes in quotes for escapes, csh looks for `!` everywhere and ends no word in
 * another line. So they all get one word in single quotes in which nothing has a meaning to any of them, and `printf`
 * gives `sh` the rest back: `\0` and three octal digits for each byte. Standard input is left to the script.
 */
export function forAnyShell(script: string): string {
  const plain = script.replaceAll(MEANT, (character) =>
    Array.from(Buffer.from(character), (byte) => String.raw`\0${byte.toString(8).padStart(3, '0')}`).join(''),
  );
  return `sh -c 'eval "$(printf %b "${plain}")"'`;
}
