import type { Place } from './command.ts';

/** A menu below another one. */
interface Submenu {
  readonly label: string;
  readonly place: Place;
}

const onDomains = (group: string, when: string): Place => ({
  menu: 'view/item/context',
  group,
  when: `view == kvm.hosts && viewItem =~ ${when}`,
});

/** Domains that are known and whose host answers: they can be copied as XML at least. */
const REACHED = '/^domain:(.*[,;])?copyXml,/';
const ANY = '/^domain:/';
const ACTIVE = '/^domain:(.*[,;])?reset,/';

/** The menus below that of a domain, each for one purpose. What is wanted most stands above them. */
export const submenus = {
  'kvm.domain.power': { label: 'Power', place: onDomains('1_run@9', REACHED) },
  'kvm.domain.guest': { label: 'Guest', place: onDomains('2_look@9', ACTIVE) },
  'kvm.domain.xml': { label: 'XML', place: onDomains('3_edit@9', REACHED) },
  'kvm.domain.debugging': { label: 'Debugging', place: onDomains('4_debug@9', REACHED) },
  'kvm.domain.copying': { label: 'Copy', place: onDomains('8_copy@1', ANY) },
} as const satisfies Readonly<Record<string, Submenu>>;

export type DomainSubmenu = keyof typeof submenus;
