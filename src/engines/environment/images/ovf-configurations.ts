import { child, children, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** One of the sizes in which an appliance can be had. */
export interface ApplianceConfiguration {
  readonly id: string;
  readonly label: string;
  readonly description: string | undefined;
}

/** The configurations of an envelope; the default one is the first. */
export function configurationsOf(envelope: XmlObject): readonly ApplianceConfiguration[] {
  // not for people: names of OVF's elements
  const elements = children(child(envelope, 'DeploymentOptionSection'), 'Configuration');
  return [...elements.filter(isDefault), ...elements.filter((each) => !isDefault(each))].flatMap(
    (element) => {
      const id = text(element, '@id');
      if (id === undefined) return [];
      // not for people: names of OVF's elements
      return [{ id, label: text(element, 'Label') ?? id, description: text(element, 'Description') }];
    },
  );
}

function isDefault(element: XmlObject): boolean {
  return /^(?:true|1)$/u.test(text(element, '@default') ?? '');
}

/**
 * The hardware that a configuration has. An item is for the configurations that it names, or for all; one that names
 * this configuration takes the place of the general one with its id. The bounds of a range are no hardware.
 */
export function itemsFor(
  items: readonly XmlObject[],
  configuration: string | undefined,
): readonly XmlObject[] {
  const real = items.filter((item) => !/^(?:min|max)$/u.test(text(item, '@bound') ?? ''));
  if (configuration === undefined) return real;
  const fitting = real.filter((item) => namedBy(item)?.includes(configuration) ?? true);
  const special = new Set(
    fitting.filter((item) => namedBy(item) !== undefined).map((item) => text(item, 'InstanceID')),
  );
  return fitting.filter(
    (item) => namedBy(item) !== undefined || !special.has(text(item, 'InstanceID') ?? ''),
  );
}

function namedBy(item: XmlObject): readonly string[] | undefined {
  return text(item, '@configuration')?.split(/\s+/u);
}
