import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';

/** A device of a domain that carries a stream in and out, as its XML describes it. */
export interface Port {
  /** A console and a serial port open the same way; a channel has its own. */
  readonly kind: 'console' | 'serial' | 'parallel' | 'channel';
  /** Among those of its kind, from 0. */
  readonly index: number;
  /** A channel's target name, such as `org.qemu.guest_agent.0`. */
  readonly name: string | undefined;
  /** Only while the domain is active. */
  readonly alias: string | undefined;
  /** What is behind it: `pty`, `unix`, `tcp`, `spicevmc`. */
  readonly source: string;
  /** The device that the guest sees, such as `virtio` or `isa-serial`. */
  readonly target: string | undefined;
}

/** How a port is found again: aliases are only given when a domain starts. */
export type PortId = Pick<Port, 'kind' | 'index'>;

const KINDS = ['serial', 'console', 'parallel', 'channel'] as const;

/** Sources that libvirt opens as a stream: the others are connected elsewhere. */
const STREAMABLE = new Set(['pty', 'unix']);

/** The ports of a domain that can be opened, the one that a person most likely wants first. */
export function portsOf(xml: string): readonly Port[] {
  const devices = child(child(parseXml(xml), 'domain'), 'devices');
  const all = KINDS.flatMap((kind) =>
    children(devices, kind).map((device, index): Port => {
      const target = child(device, 'target');
      return {
        kind,
        index,
        name: text(target, '@name'),
        alias: text(child(device, 'alias'), '@name'),
        source: text(device, '@type') ?? '',
        target: text(target, '@type'),
      };
    }),
  );
  return all.filter((port) => STREAMABLE.has(port.source) && !isShadow(port, all));
}

/** Whether the port is only another name for the first serial port: the first console is, unless it is a device of its own. */
function isShadow({ kind, index, target }: Port, all: readonly Port[]): boolean {
  const isSerial = target === undefined || target === 'serial';
  return kind === 'console' && index === 0 && isSerial && all.some((port) => port.kind === 'serial');
}

export function samePort(a: PortId, b: PortId): boolean {
  return a.kind === b.kind && a.index === b.index;
}

/** Short, for the name of a terminal: `serial1`; a channel's own name. */
export function portName({ kind, index, name }: Port): string {
  return name ?? `${kind}${index}`;
}

/** The guest agent's channel is libvirt's own: whoever else reads it breaks the agent. */
export function isAgentChannel({ name }: Port): boolean {
  return name !== undefined && /^org\.(qemu\.guest_agent|libguestfs)\./u.test(name);
}
