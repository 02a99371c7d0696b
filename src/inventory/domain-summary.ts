import { refOf } from './domain-record.ts';
import type { DomainTarget } from './domain-target.ts';
import { child, parseXml, text } from '../libvirt/xml-object.ts';

/** What a domain's XML says about it in a few words. */
export interface DomainSummary {
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** The operating system, where the one who made the domain noted it. */
  readonly os: string | undefined;
  /** Architecture and machine type. */
  readonly machine: string | undefined;
}

/** `virDomainGetXMLDesc`, read anew each time. @throws Error when the domain cannot be read. */
export async function readDomainSummary(target: DomainTarget, signal: AbortSignal): Promise<DomainSummary> {
  const { record } = target;
  if (record === undefined)
    return { title: undefined, description: undefined, os: undefined, machine: undefined };
  const connection = await target.host.connect();
  const xml = await connection.domains.xml(refOf(record), 0, { signal });
  return summarize(xml);
}

export function summarize(xml: string): DomainSummary {
  const domain = child(parseXml(xml), 'domain');
  const osType = child(child(domain, 'os'), 'type');
  const machine = [text(osType, '@arch'), text(osType, '@machine')].filter((part) => part !== undefined);
  return {
    title: text(domain, 'title'),
    description: text(domain, 'description'),
    os: osName(text(child(child(child(domain, 'metadata'), 'libosinfo'), 'os'), '@id')),
    machine: machine.length > 0 ? machine.join(' ') : undefined,
  };
}

/** `http://debian.org/debian/12` is “debian 12”. */
function osName(id: string | undefined): string | undefined {
  return id?.replace(/^https?:\/\/[^/]+\//, '').replaceAll('/', ' ');
}
