import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { HostAddress } from '../../../client/transport/dial.ts';

/** How the screen of a domain can be reached, by what its XML says. */
export type Graphics =
  | { readonly kind: 'vnc'; readonly to: HostAddress; readonly password: string | undefined }
  /** VNC that is only handed out as a file descriptor. */
  | { readonly kind: 'vnc-closed' }
  | ({ readonly kind: 'spice' } & SpiceWay)
  | { readonly kind: 'none' };

export interface SpiceWay {
  readonly address: string;
  readonly port: number | undefined;
  readonly tlsPort: number | undefined;
  readonly socket: string | undefined;
  readonly password: string | undefined;
}

/**
 * The first VNC display, else the first SPICE one. Ports are only there while the domain runs, and passwords only in
 * XML that was read with `VIR_DOMAIN_XML_SECURE`.
 */
export function graphicsOf(xml: string): Graphics {
  const devices = child(child(parseXml(xml), 'domain'), 'devices');
  const all = children(devices, 'graphics');
  const vnc = all.find((each) => text(each, '@type') === 'vnc');
  if (vnc !== undefined) return vncOf(vnc);
  const spice = all.find((each) => text(each, '@type') === 'spice');
  return spice === undefined ? { kind: 'none' } : { kind: 'spice', ...spiceOf(spice) };
}

function vncOf(vnc: XmlObject): Graphics {
  const listen = child(vnc, 'listen');
  const path = text(vnc, '@socket') ?? text(listen, '@socket');
  const password = text(vnc, '@passwd');
  if (path !== undefined) return { kind: 'vnc', to: { path }, password };
  const port = portOf(vnc, '@port');
  if (port === undefined) return { kind: 'vnc-closed' };
  return { kind: 'vnc', to: { port, address: addressOf(vnc) }, password };
}

function spiceOf(spice: XmlObject): SpiceWay {
  return {
    address: addressOf(spice),
    port: portOf(spice, '@port'),
    tlsPort: portOf(spice, '@tlsPort'),
    socket: text(child(spice, 'listen'), '@socket'),
    password: text(spice, '@passwd'),
  };
}

function addressOf(graphics: XmlObject): string {
  return text(graphics, '@listen') ?? text(child(graphics, 'listen'), '@address') ?? '127.0.0.1';
}

/** libvirt writes -1 for a port that is not given yet. */
function portOf(graphics: XmlObject, name: string): number | undefined {
  const port = Number(text(graphics, name) ?? '0');
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}
