import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { installedSchemas } from '../../../../../scripts/lib/compile-schemas.ts';
import { allKinds, kindOf } from '../../../../../src/model/inventory/kinds/kinds.ts';
import { deviceSnippets } from '../../../../../src/workbench/editor/language/device-snippets.ts';
import { hasNoRootYet } from '../../../../../src/workbench/editor/language/root-name.ts';
import { rootSnippets } from '../../../../../src/workbench/editor/language/root-snippets.ts';
import { schemaForRoot } from '../../../../../src/language/schema/kinds.ts';
import { relaxngFolder, SchemaSet } from '../../../../../src/language/schema/schema-set.ts';
import { validate } from '../../../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

const options = existsSync(installedSchemas) ? {} : { skip: 'libvirt’s schemas are not installed' };

/** Every text that a snippet leads to: each choice taken once. */
function textsOf(body: string): string[] {
  const choices = [...body.matchAll(/\$\{\d+\|([^|]*)\|\}/g)].map(([, list = '']) => list.split(',').length);
  return Array.from({ length: Math.max(1, ...choices) }, (_, take) =>
    body
      .replaceAll(/\$\{\d+\|([^|]*)\|\}/g, (_all, list: string) => {
        const values = list.split(',');
        return values[take % values.length] ?? '';
      })
      .replaceAll(/\$\{\d+:?([^}]*)\}/g, '$1')
      .replaceAll(/\$\d+/g, ''),
  );
}

suite('What documents start as', options, () => {
  const schemas = new SchemaSet(relaxngFolder(installedSchemas));
  const mistakesIn = (text: string): string[] => {
    const document = parseDocument(text);
    const kind = schemaForRoot(document.root?.key ?? '');
    assert.ok(kind, text);
    return validate(document, schemas.get(kind)).map(({ message }) => `${message}\n${text}`);
  };

  test('every template is valid', async () => {
    const all = await Promise.all(allKinds().map(async ({ xml }) => (await xml.templates?.()) ?? []));
    for (const { xml } of all.flat()) assert.deepEqual(mistakesIn(xml), []);
    assert.ok(all.filter((templates) => templates.length > 0).length >= 5);
  });

  test('the domain that a snapshot keeps is checked as a domain', async () => {
    const [template] = (await kindOf('domain').xml.templates?.()) ?? [];
    const domain = template?.xml ?? '';
    const keep = (inner: string) => `<domainsnapshot>\n<name>s</name>\n${inner}</domainsnapshot>\n`;
    assert.deepEqual(mistakesIn(keep(domain)), []);
    const [mistake = ''] = mistakesIn(keep(domain.replaceAll('vcpu', 'vcpux')));
    assert.match(mistake, /^<domain> may not contain <vcpux>: did you mean <vcpu>\?/u);
  });

  test('every root that is offered for an empty document is valid, whatever is chosen in it', () => {
    for (const { body } of rootSnippets)
      for (const text of textsOf(body)) assert.deepEqual(mistakesIn(text), []);
  });

  test('every device is valid, whatever is chosen in it', () => {
    for (const { body } of deviceSnippets)
      for (const text of textsOf(body))
        assert.deepEqual(
          mistakesIn(
            `<domain type='kvm'><name>a</name><memory>1</memory><os><type>hvm</type></os><devices>${text}</devices></domain>`,
          ),
          [],
        );
  });
});

suite('A text without a root', () => {
  test('could become libvirt’s as long as it holds nothing else', () => {
    for (const text of ['', '\n', '<', '<dom', 'dom', "<?xml version='1.0'?>\n", '<!-- mine -->\n<netw'])
      assert.ok(hasNoRootYet(text), text);
  });

  test('is other people’s when it begins as something else', () => {
    for (const text of ['<proj', '<domain>', 'hello world', '<!-- open', '<!DOCTYPE html>', '<a/>'])
      assert.ok(!hasNoRootYet(text), text);
  });
});
