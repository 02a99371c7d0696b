/** What a guest is waited for. */
export type Phase =
  | { readonly kind: 'dependency'; readonly guests: readonly string[] }
  | { readonly kind: 'image'; readonly bytes: number; readonly total: number | undefined }
  | { readonly kind: 'convert'; readonly fraction: number }
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'define' }
  | { readonly kind: 'volume'; readonly name: string; readonly fraction: number | undefined }
  | { readonly kind: 'start' }
  | { readonly kind: 'address' }
  | { readonly kind: 'ssh'; readonly at: string; readonly from: string }
  | { readonly kind: 'cloud-init'; readonly stage: string }
  | { readonly kind: 'mount'; readonly target: string }
  | { readonly kind: 'provision'; readonly index: number; readonly of: number }
  | { readonly kind: 'stop' };

/** In a few words, behind the guest's name. */
export function phaseText(phase: Phase): string {
  switch (phase.kind) {
    case 'dependency':
      return `waiting for ${phase.guests.join(', ')}`;
    case 'image':
      return `downloading its image${amount(phase.bytes, phase.total)}`;
    case 'convert':
      return `converting its image, ${Math.floor(phase.fraction * 100)} %`;
    case 'network':
      return `making network ${phase.name}`;
    case 'define':
      return 'defining the domain';
    case 'volume':
      return `making ${phase.name}${phase.fraction === undefined ? '' : ` ${Math.floor(phase.fraction * 100)} %`}`;
    case 'start':
      return 'starting';
    case 'address':
      return 'waiting for an address (DHCP lease, agent, ARP)';
    case 'ssh':
      return `waiting for ssh at ${phase.at} (${phase.from})`;
    case 'cloud-init':
      return `cloud-init: ${phase.stage}`;
    case 'mount':
      return `mounting ${phase.target}`;
    case 'provision':
      return `provisioning, script ${phase.index} of ${phase.of}`;
    case 'stop':
      return 'shutting down';
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function amount(bytes: number, total: number | undefined): string {
  if (bytes === 0) return '';
  return total === undefined ? `, ${mib(bytes)} MiB` : `, ${mib(bytes)} of ${mib(total)} MiB`;
}
