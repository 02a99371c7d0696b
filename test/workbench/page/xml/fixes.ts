import { before, suite, test } from 'node:test';
import { gesture, type Within } from '../../../support/gesture.ts';
import type { TROUBLED } from './troubled-files.ts';
import type { XmlLab } from './xml-lab.ts';
import type { XmlPage } from './xml-page.ts';

interface Repair {
  readonly name: string;
  readonly file: keyof typeof TROUBLED;
  readonly place: readonly [line: number, column: number];
  readonly kind: 'error' | 'warning';
  readonly told: string;
  readonly title: string;
  readonly saved: RegExp;
}

const REPAIRS: readonly Repair[] = [
  {
    name: 'an element in the wrong parent is moved to where it belongs',
    file: 'moved.xml',
    place: [4, 5],
    kind: 'error',
    told: '<boot> belongs in <os>, not in <domain>.',
    title: 'Move <boot> into <os>',
    saved: /hvm<\/type>\n    <boot dev='hd'\/>\n  <\/os>/u,
  },
  {
    name: 'a prefix is declared with the schema’s own URI',
    file: 'prefix.xml',
    place: [8, 5],
    kind: 'error',
    told: 'The prefix “qemu” is not declared',
    title: 'Declare xmlns:qemu=',
    saved: /^<domain type='qemu' xmlns:qemu='http:\/\/libvirt\.org\/schemas\/domain\/qemu\/1\.0'>/u,
  },
  {
    name: 'what libvirt refuses beyond its schema is put right',
    file: 'shared.xml',
    place: [9, 22],
    kind: 'warning',
    told: 'virtiofs needs',
    title: 'Share the memory',
    saved: /<memoryBacking>\n    <source type='memfd'\/>\n    <access mode='shared'\/>\n  <\/memoryBacking>/u,
  },
  {
    name: 'a device alone is a document, and white space around a value is taken off',
    file: 'device.xml',
    place: [3, 31],
    kind: 'warning',
    told: 'has white space around it',
    title: 'Remove the white space around “sata”',
    saved: /<target dev='sda' bus='sata'\/>/u,
  },
];

/** Quick fixes of what people have trouble with. */
export function testFixes(lab: () => XmlLab): void {
  suite('Troubled files', () => {
    let xml: XmlPage;

    before(() => {
      xml = lab().page;
    });

    for (const { name, file, place, kind, told, title, saved } of REPAIRS)
      test(name, async () => {
        const { page } = xml;
        await xml.open(file);
        await xml.squiggle(kind).first().waitFor();
        const marker = page.locator('.marker-widget', { hasText: told });
        await gesture(() => page.keyboard.press('F8'), marker);
        await xml.workbench.screenshot(`xml-trouble-${file.replace('.xml', '')}`);
        await page.keyboard.press('Escape');
        await xml.goTo(...place);
        await page.locator('.monaco-editor [class*="lightbulb"]:visible').first().waitFor();
        const fix = page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
        const mended = (within: Within) =>
          xml
            .squiggle(kind)
            .first()
            .waitFor({ state: 'detached', ...within });
        // The key takes the fix when it is pressed again over a list that came late.
        await gesture(
          () => page.keyboard.press('Control+.'),
          async (within) => Promise.any([fix.waitFor(within), mended(within)]),
        );
        await xml.workbench.screenshot(`xml-trouble-${file.replace('.xml', '')}-fix`);
        if (await fix.isVisible()) await page.keyboard.press('Enter');
        await mended({ timeout: 60_000 });
        await xml.saved(file, saved);
        await xml.workbench.screenshot(`xml-trouble-${file.replace('.xml', '')}-fixed`);
      });
  });
}
