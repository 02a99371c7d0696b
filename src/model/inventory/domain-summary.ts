import { refOf } from './kinds/domain-record.ts';
import type { DomainTarget } from './domain-target.ts';
import { child, children, parseXml, text, type XmlObject } from '../../client/libvirt/xml-object.ts';

const AGENT_CHANNEL = 'org.qemu.guest_agent.0';

/** What a domain's XML says about it in a few words. */
export interface DomainSummary {
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** The operating system, where the one who made the domain noted it. */
  readonly os: string | undefined;
  /** Architecture and machine type. */
  readonly machine: string | undefined;
  /** Whether it has a graphics card, so that a picture can be taken of its screen. */
  readonly hasScreen: boolean;
  /** Whether the guest agent answers; `absent` where the domain has no channel for it. */
  readonly agent: 'connected' | 'silent' | 'absent';
}

const NOTHING: DomainSummary = {
  title: undefined,
  description: undefined,
  os: undefined,
  machine: undefined,
  hasScreen: false,
  agent: 'absent',
};

/** `virDomainGetXMLDesc`, read anew each time. @throws Error when the domain cannot be read. */
export async function readDomainSummary(target: DomainTarget, signal: AbortSignal): Promise<DomainSummary> {
  const { record } = target;
  if (record === undefined) return NOTHING;
  const connection = await target.host.connect();
  const xml = await connection.domains.xml(refOf(record), 0, { signal });
  return summarize(xml);
}

/** What a tooltip tells of a domain, out of its XML. */
export function summarize(xml: string): DomainSummary {
  const domain = child(parseXml(xml), 'domain');
  const osType = child(child(domain, 'os'), 'type');
  const machine = [text(osType, '@arch'), text(osType, '@machine')].filter((part) => part !== undefined);
  const devices = child(domain, 'devices');
  const cards = children(devices, 'video');
  return {
    title: text(domain, 'title'),
    description: text(domain, 'description'),
    os: osName(text(child(child(child(domain, 'metadata'), 'libosinfo'), 'os'), '@id')),
    machine: machine.length > 0 ? machine.join(' ') : undefined,
    hasScreen: cards.some((card) => text(child(card, 'model'), '@type') !== 'none'),
    agent: agentOf(devices),
  };
}

/** libvirt notes in the XML of a running domain whether somebody in the guest has opened the channel. */
function agentOf(devices: XmlObject): DomainSummary['agent'] {
  const targets = children(devices, 'channel').map((channel) => child(channel, 'target'));
  const target = targets.find((each) => text(each, '@name') === AGENT_CHANNEL);
  if (target === undefined) return 'absent';
  return text(target, '@state') === 'connected' ? 'connected' : 'silent';
}

/** `http://debian.org/debian/12` is “debian 12”. */
function osName(id: string | undefined): string | undefined {
  return id?.replace(/^https?:\/\/[^/]+\//, '').replaceAll('/', ' ');
}
