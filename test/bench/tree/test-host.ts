const NAMESPACE = 'http://libvirt.org/schemas/domain/test/1.0';
const SHUT_OFF = 5;

export function testDomainUuid(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

export function testDomainXml(index: number): string {
  const state = index % 3 === 0 ? `<test:runstate>${SHUT_OFF}</test:runstate>` : '';
  return `<domain type="test" xmlns:test="${NAMESPACE}"><name>guest-${index}</name><uuid>${testDomainUuid(index)}</uuid>
    <memory>8192</memory><os><type arch="i686">hvm</type></os>${state}</domain>`;
}

/** A file for libvirt's test driver: a host with so many domains, every third of them shut off. */
export function testHostXml(domains: number): string {
  return `<node>${Array.from({ length: domains }, (_, index) => testDomainXml(index)).join('\n')}</node>`;
}
