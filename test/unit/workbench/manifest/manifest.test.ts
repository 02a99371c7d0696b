import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import manifest from '../../../../package.json' with { type: 'json' };
import texts from '../../../../package.nls.json' with { type: 'json' };
import { DOMAIN_ACTIONS } from '../../../../src/model/inventory/kinds/domain-actions.ts';

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

const { commands, keybindings, menus, submenus, views, viewsWelcome } = manifest.contributes;
const allMenus: Readonly<Record<string, readonly MenuEntry[]>> = menus;
const english: Readonly<Record<string, string>> = texts;
const contributed = new Set(commands.map(({ command }) => command));
const menusBelow = new Set(submenus.map(({ id }) => id));
const contextMenu = allMenus['view/item/context'] ?? [];

/** What opens a domain in whatever way suits it: a key does that, and menus offer the ways. */
const BY_KEY = new Set<string>(['open']);

/** Those that a person wants most stand in the menu itself, and not in a menu below it. */
const AT_HAND = [
  'start',
  'startWithConsole',
  'resume',
  'suspend',
  'shutdown',
  'openConsole',
  'openDisplay',
  'editXml',
  'rename',
  'debug',
  'undefine',
].map((action) => `kvm.domain.${action}`);

/** Commands that are about a domain but make a new one, so that no domain offers them. */
const NEW_DOMAIN = new Set(['kvm.domain.define', 'kvm.domain.create']);

/** What a person reads where package.json has a reference. */
function read(reference: string): string {
  const text = english[/^%(.+)%$/u.exec(reference)?.[1] ?? ''];
  assert.ok(text !== undefined, `${reference} is in package.nls.json`);
  return text;
}

/** What a menu entry asks of the context value, for entries that ask by a pattern. */
function patternOf({ when }: MenuEntry): RegExp | undefined {
  const pattern = /viewItem =~ \/(.*)\/$/.exec(when ?? '')?.[1];
  return pattern === undefined ? undefined : new RegExp(pattern);
}

suite('The commands of the manifest', () => {
  test('are those domain actions that there are, no more and no fewer', () => {
    const inManifest = [...contributed].filter(
      (command) => command.startsWith('kvm.domain.') && !NEW_DOMAIN.has(command),
    );
    const inCode = DOMAIN_ACTIONS.map((action) => `kvm.domain.${action}`);
    assert.deepEqual(inManifest.toSorted(), inCode.toSorted());
  });

  test('are all in the category KVM with a title that says what they do', () => {
    for (const { command, category, title } of commands) {
      assert.equal(category, 'KVM', command);
      assert.match(read(title), /^[A-Z]/, command);
      assert.doesNotMatch(read(title), /^KVM|\.\.\./, command);
    }
    assert.equal(contributed.size, commands.length);
  });

  test('have titles of their own in the palette', () => {
    const hidden = new Set(
      (allMenus['commandPalette'] ?? []).filter(({ when }) => when === 'false').map(({ command }) => command),
    );
    const titles = commands.filter(({ command }) => !hidden.has(command)).map(({ title }) => read(title));
    assert.deepEqual(
      titles.filter((title, index) => titles.indexOf(title) !== index),
      [],
    );
  });

  test('are called by their titles in the documentation', async () => {
    const titles = new Set(commands.map(({ title }) => `KVM: ${read(title)}`));
    for (const path of ['README.md', 'examples/kvm.yaml']) {
      const text = await readFile(join(import.meta.dirname, '../../../..', path), 'utf8');
      const mentioned = [...text.matchAll(/[`“](KVM: [^`”]+)[`”]/gu)].map(([, mention]) => mention ?? '');
      assert.ok(mentioned.length > 0, path);
      for (const mention of mentioned) assert.ok(titles.has(mention), `${path}: ${mention}`);
    }
  });

  test('have names that belong to this extension', () => {
    for (const command of contributed) assert.match(command, /^kvm\.([a-z]+\.)?[a-zA-Z]+$/);
  });
});

suite('The menus of the manifest', () => {
  for (const [menu, entries] of Object.entries(allMenus))
    test(`${menu} names only commands and menus that exist`, () => {
      assert.ok(entries.length > 0);
      for (const { command = '', submenu } of entries)
        assert.ok(submenu === undefined ? contributed.has(command) : menusBelow.has(submenu), command);
    });

  test('that of a domain has what is wanted most, and the rest below it, each menu for one purpose', () => {
    const onDomains = contextMenu.filter(({ when }) => when?.includes('/^domain:') === true);
    const inMenu = onDomains.filter(({ group }) => group?.startsWith('inline') === false);
    assert.deepEqual(inMenu.flatMap(({ command }) => command ?? []).toSorted(), AT_HAND.toSorted());
    assert.deepEqual(inMenu.flatMap(({ submenu }) => submenu ?? []).toSorted(), [...menusBelow].toSorted());
    for (const menu of menusBelow) assert.ok((allMenus[menu]?.length ?? 0) > 1, menu);
  });

  for (const action of DOMAIN_ACTIONS.filter((each) => !BY_KEY.has(each)))
    test(`${action} is offered on the domains that list it, and on no others`, () => {
      const command = `kvm.domain.${action}`;
      const entries = [contextMenu, ...[...menusBelow].map((menu) => allMenus[menu] ?? [])]
        .flat()
        .filter((entry) => entry.command === command);
      assert.ok(
        entries.some(({ group }) => group?.startsWith('inline') === false),
        'the context menu has it',
      );
      const others = DOMAIN_ACTIONS.filter((other) => other !== action);
      for (const entry of entries) {
        assert.match(entry.when ?? '', /^view == kvm\.hosts && /);
        const pattern = patternOf(entry);
        assert.ok(pattern, 'it asks for the action');
        assert.match(`domain:${action},`, pattern);
        assert.match(`domain:copyXml,${action},editXml,`, pattern);
        assert.doesNotMatch(`domain:${others.join(',')},`, pattern);
        assert.doesNotMatch('domain:,', pattern);
        assert.doesNotMatch(`host:connected:${action},`, pattern);
        // Of several that are selected, each tells what is possible with any: for menus, and for no button.
        const isButton = entry.group?.startsWith('inline') === true;
        assert.equal(pattern.test(`domain:copyXml,;editXml,${action},`), !isButton);
        assert.equal(pattern.test(`domain:copyXml,;${action},`), !isButton);
      }
    });

  test('no two entries of a group have the same place in a menu of the same item', () => {
    const places = contextMenu.map(({ group, when }) => `${group} ${when}`);
    assert.equal(new Set(places).size, places.length);
  });

  test('inline buttons have icons', () => {
    const inline = contextMenu.filter(({ group }) => group?.startsWith('inline'));
    const title = (allMenus['view/title'] ?? []).filter(({ group }) => group?.startsWith('navigation'));
    assert.ok(inline.length > 0 && title.length > 0);
    for (const { command } of [...inline, ...title]) {
      const found = commands.find((one) => one.command === command);
      assert.ok(found !== undefined && 'icon' in found, command);
    }
  });
});

suite('The keys of the manifest', () => {
  test('open, rename and undefine the domain with the focus, and leave what is typed alone', () => {
    const onLines = keybindings.filter((each) => 'args' in each);
    const keys = Object.fromEntries(onLines.map(({ command, key }) => [command, key]));
    assert.deepEqual(keys, {
      'kvm.domain.open': 'enter',
      'kvm.domain.rename': 'f2',
      'kvm.domain.undefine': 'delete',
    });
    for (const { when } of onLines)
      assert.match(when, /^focusedView == kvm\.hosts && listFocus && !inputFocus/u);
  });
});

suite('The views of the manifest', () => {
  test('have a welcome text whose buttons are commands', () => {
    for (const { id } of views.kvm) {
      const welcome = viewsWelcome.filter(({ view }) => view === id);
      assert.ok(welcome.length > 0, id);
      const buttons = welcome.flatMap(({ contents }) => [
        ...read(contents).matchAll(/\]\(command:([^)?]+)/g),
      ]);
      assert.ok(buttons.length > 0, id);
      for (const [, command] of buttons) assert.ok(contributed.has(command ?? ''), command);
    }
  });
});

suite('The words of the manifest', () => {
  test('are all in package.nls.json, and nothing else is', () => {
    const used = JSON.stringify(manifest.contributes).matchAll(/"%([^"%]+)%"/gu);
    const keys = new Set([...used].map(([, key]) => key ?? ''));
    assert.deepEqual([...keys].toSorted(), Object.keys(english).toSorted());
  });

  test('are whole: settings and debug attributes have a description that is a sentence', () => {
    const descriptions = Object.entries(english).filter(([key]) => /^(?:setting|debug|task)\./u.test(key));
    const sentences = descriptions.filter(([key]) => !/\.label$|\.KVM-/u.test(key));
    assert.ok(sentences.length > 30);
    for (const [key, text] of sentences) assert.match(text, /^[A-Z`l].*\.$/u, key);
  });
});

suite('The settings of the manifest', () => {
  test('that a workspace may set and that name something are not believed before it is trusted', () => {
    const properties: Readonly<Record<string, { readonly type: string; readonly scope?: string }>> =
      manifest.contributes.configuration.properties;
    const naming = Object.entries(properties).filter(
      ([, { type, scope }]) =>
        scope !== 'machine' && scope !== 'application' && type !== 'number' && type !== 'boolean',
    );
    assert.deepEqual(
      naming.map(([id]) => id),
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations,
    );
    assert.ok(naming.some(([id]) => id === 'kvm.debug.gdb'));
  });
});
