import { isIPv6 } from 'node:net';
import { readUri } from '../../../client/transport/client-config.ts';

/** A word of a command line: `-p 22`, `root@host`. */
const SSH_COMMAND = /^ssh\s+(?<words>.+)$/u;
const SSH_URL = /^ssh:\/\/(?<place>[^/?#]+)\/?$/iu;
const PLACE =
  /^(?:(?<user>[^@\s/]+)@)?(?<host>\[[^\]\s/]+\]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::(?<port>\d{1,5}))?$/u;
const WITHOUT_PATH = /^(?<start>qemu\+[a-z0-9]+:\/\/[^/?#]+)\/?(?<query>\?.*)?$/iu;

/**
 * The URI that somebody means who types what they give to ssh (`root@server`, `ssh://server:2222`, `ssh -p 2222 server`)
 * or leaves the end out (`qemu+ssh://server`). Whatever is a URI, or an alias of libvirt.conf, stays as it is.
 * @throws TransportError as readUri does, for what is none of them
 */
export async function uriOfTyped(typed: string): Promise<string> {
  const text = typed.trim();
  const whole = WITHOUT_PATH.exec(text)?.groups;
  const wanted = whole === undefined ? text : `${whole['start'] ?? ''}/system${whole['query'] ?? ''}`;
  try {
    await readUri(wanted);
    return wanted;
  } catch (error) {
    const uri = ofPlace(placeIn(text));
    if (uri === undefined) throw error;
    await readUri(uri);
    return uri;
  }
}

/** `user@host:port`, however it is given. */
function placeIn(text: string): string {
  const url = SSH_URL.exec(text)?.groups?.['place'];
  if (url !== undefined) return url;
  const words = SSH_COMMAND.exec(text)?.groups?.['words']?.split(/\s+/u);
  if (words === undefined) return text;
  const options: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [, option, value] = /^-([pl])(.*)$/u.exec(words[at] ?? '') ?? [];
    if (option === undefined) rest.push(words[at] ?? '');
    else options[option] = value === undefined || value === '' ? (words[++at] ?? '') : value;
  }
  const [place = ''] = rest;
  // Anything else is a command, or an option that the URI cannot have.
  if (rest.length !== 1) return text;
  const user = options['l'] === undefined ? '' : `${options['l']}@`;
  const port = options['p'] === undefined ? '' : `:${options['p']}`;
  return `${user}${place}${port}`;
}

function ofPlace(place: string): string | undefined {
  const at = place.lastIndexOf('@');
  const host = place.slice(at + 1);
  const whole = isIPv6(host.replace(/%.*$/u, '')) ? `${place.slice(0, at + 1)}[${host}]` : place;
  const parts = PLACE.exec(whole)?.groups;
  if (parts === undefined) return undefined;
  const user = parts['user'] === undefined ? '' : `${encodeURIComponent(parts['user'])}@`;
  const port = parts['port'] === undefined ? '' : `:${parts['port']}`;
  return `qemu+ssh://${user}${parts['host'] ?? ''}${port}/system`;
}
