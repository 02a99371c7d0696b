import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  child,
  children,
  parseXml,
  text,
  XmlTooLargeError,
} from '../../../../src/client/libvirt/xml-object.ts';
import { assertLinear, assertQuick, repeated } from '../../../support/growth.ts';

suite('What a daemon says in XML', () => {
  test('is read as an object', () => {
    const domain = child(
      parseXml("<domain type='kvm'><name>a&amp;b</name><x/><x y='1'/></domain>"),
      'domain',
    );
    assert.equal(text(domain, '@type'), 'kvm');
    assert.equal(text(domain, 'name'), 'a&b');
    assert.deepEqual(
      children(domain, 'x').map((each) => text(each, '@y')),
      [undefined, '1'],
    );
  });

  const growing: readonly (readonly [what: string, make: (size: number) => string])[] = [
    ['attributes', (n) => `<a ${repeated(n, (i) => `a${i}='1' `)}/>`],
    ['siblings', (n) => `<a>${repeated(n, () => '<b/>')}</a>`],
    ['siblings of different names', (n) => `<a>${repeated(n, (i) => `<b${i}/>`)}</a>`],
    ['texts between them', (n) => `<a>${'x<b/>'.repeat(n)}</a>`],
    ['end tags', (n) => `<a>${'</b>'.repeat(n)}`],
  ];
  for (const [what, make] of growing)
    test(`is read in step with its ${what}`, () => assertLinear(12_000, make, tryToParse));

  const hostile: readonly (readonly [what: string, xml: string])[] = [
    ['attributes', `<a ${repeated(200_000, (i) => `a${i}='1' `)}/>`],
    ['attributes without values', `<a ${'b '.repeat(500_000)}/>`],
    ['elements', `<a>${repeated(500_000, (i) => `<b${i}/>`)}</a>`],
    ['elements in each other', '<a>'.repeat(600_000)],
    ['instructions', '<?x y?>'.repeat(250_000)],
    ['entities', `<a>${'&amp;'.repeat(200_000)}</a>`],
    ['text', `<a>${'x'.repeat(3_900_000)}</a>`],
  ];
  for (const [what, xml] of hostile)
    test(`of megabytes of ${what} stops nobody`, () => assertQuick(() => tryToParse(xml)));

  test('is refused in a sentence where it is larger than any that was not made to be', () => {
    for (const xml of [`<a ${'b="1" '.repeat(150_000)}/>`, '<b/>'.repeat(150_000), ' '.repeat(5_000_000)])
      assert.throws(() => parseXml(xml), XmlTooLargeError);
  });

  test('is read where it describes a very large host', () => {
    const cpus = repeated(
      4096,
      (i) => `<cpu id='${i}' socket_id='0' die_id='0' core_id='${i}' siblings='${i}'/>`,
    );
    const host = child(parseXml(`<capabilities><cpus>${cpus}</cpus></capabilities>`), 'capabilities');
    assert.equal(children(child(host, 'cpus'), 'cpu').length, 4096);
  });
});

/** What is no XML is refused, in its own time. */
function tryToParse(xml: string): unknown {
  try {
    return parseXml(xml);
  } catch (error) {
    return error;
  }
}
