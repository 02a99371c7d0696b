import { element, writeXml } from '../../language/xml/build.ts';

/** The XML of an empty raw volume of that name, which grows with what is uploaded to it. */
export function rawVolumeXml(name: string): string {
  return writeXml(
    element(
      'volume',
      {},
      element('name', {}, name),
      element('capacity', {}, 0),
      element('target', {}, element('format', { type: 'raw' })),
    ),
  );
}
