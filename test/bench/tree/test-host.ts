const NAMESPACE = 'http://libvirt.org/schemas/domain/test/1.0';
const SHUT_OFF = 5;

/** A file for libvirt's test driver: a host with so many domains, every third of them shut off. */
export function testHostXml(domains: number): string {
  const all = Array.from({ length: domains }, (_, index) => {
    const uuid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const state = index % 3 === 0 ? `<test:runstate>${SHUT_OFF}</test:runstate>` : '';
    return `<domain type="test" xmlns:test="${NAMESPACE}"><name>guest-${index}</name><uuid>${uuid}</uuid>
      <memory>8192</memory><os><type arch="i686">hvm</type></os>${state}</domain>`;
  });
  return `<node>${all.join('\n')}</node>`;
}
