import { after, afterEach, before, suite } from 'node:test';
import { testDocuments } from './xml/documents.ts';
import { testFixes } from './xml/fixes.ts';
import { testObjects } from './xml/objects.ts';
import { testReload } from './xml/reload.ts';
import { testTyping } from './xml/typing.ts';
import { openXmlLab, type XmlLab } from './xml/xml-lab.ts';

// One workbench for all of them: opening it takes longer than most of what is done in it.
suite('The XML editor in a real workbench', () => {
  let lab: XmlLab;

  before(async () => {
    lab = await openXmlLab();
  });

  after(() => lab?.[Symbol.asyncDispose]());

  afterEach(async (test) => {
    const { workbench, page, hosts } = lab.page;
    // What a person would have seen says more than where the test stopped.
    if ('passed' in test && !test.passed) await workbench.screenshot(`failed ${test.name}`);
    // The list shows a few at a time, and those of the next test are to be among them.
    if (await page.locator('.notifications-center').isVisible())
      await hosts.runCommand('Notifications: Clear All Notifications');
    for (let open = 0; open < 3; open++) await page.keyboard.press('Escape');
  });

  const useLab = () => lab;
  testTyping(useLab);
  testFixes(useLab);
  testDocuments(useLab);
  testObjects(useLab);
  testReload(useLab);
});
