/** What a line of a manifest says. */
export interface ManifestEntry {
  readonly name: string;
  /** As Node names it. */
  readonly algorithm: string;
  /** Hexadecimal digits in lower case. */
  readonly digest: string;
}

export interface Manifest {
  readonly entries: readonly ManifestEntry[];
  /** The lines that are in no known form. */
  readonly unread: readonly string[];
}

/** How many digits each algorithm gives. */
const DIGITS: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};
const OPENSSL = /^(?<algorithm>[a-z0-9-]+)\s*\((?<name>.+)\)\s*=\s*(?<digest>[0-9a-f]+)$/iu;
const COREUTILS = /^\\?(?<digest>[0-9a-f]{32,128})\s[ *](?<name>.+)$/iu;

/** Reads the lines of OVF (`SHA256(file)= digits`, spaces or not) and of programs such as `sha256sum`. */
export function readManifest(text: string): Manifest {
  const entries: ManifestEntry[] = [];
  const unread: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/u).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const entry = entryOf(line);
    if (entry === undefined) unread.push(line);
    else entries.push(entry);
  }
  return { entries, unread };
}

function entryOf(line: string): ManifestEntry | undefined {
  const { algorithm, name = '', digest = '' } = (OPENSSL.exec(line) ?? COREUTILS.exec(line))?.groups ?? {};
  const found =
    algorithm?.toLowerCase().replace('-', '') ??
    Object.keys(DIGITS).find((each) => DIGITS[each] === digest.length) ??
    '';
  if (digest === '' || DIGITS[found] !== digest.length) return undefined;
  return { name, algorithm: found, digest: digest.toLowerCase() };
}
