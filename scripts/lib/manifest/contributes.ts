import type { Command, Place } from '../../../src/workbench/manifest/command.ts';
import { COMMANDS } from '../../../src/workbench/manifest/commands.ts';
import { breakpoints, debuggers } from '../../../src/workbench/manifest/debuggers.ts';
import {
  configurationDefaults,
  taskDefinitions,
  yamlValidation,
} from '../../../src/workbench/manifest/languages.ts';
import { keybindings } from '../../../src/workbench/manifest/keybindings.ts';
import { RESTRICTED_SETTINGS, SETTINGS } from '../../../src/workbench/manifest/settings.ts';
import { submenus } from '../../../src/workbench/manifest/submenus.ts';
import { terminal, views, viewsContainers, viewsWelcome } from '../../../src/workbench/manifest/views.ts';
import { Texts } from './texts.ts';

type Json = Readonly<Record<string, unknown>>;

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Generated {
  /** What it can do in places that are not trusted. */
  readonly capabilities: Json;
  /** What package.json has below this name. */
  readonly contributes: Json;
  /** What package.nls.json has. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What the tables in `src/workbench/manifest` say, as VS Code wants to read it. */
export function generate(): Generated {
  const texts = new Texts();
  const schema = ['description', 'markdownDescription', 'patternErrorMessage'];
  const contributes = {
    viewsContainers: texts.extract(viewsContainers, 'container', ['title']),
    views: texts.extract(views, 'view', ['contextualTitle', 'name']),
    viewsWelcome: texts.extract(viewsWelcome, 'welcome', ['contents']),
    commands: allCommands().map(([id, command]) => commandEntry(texts, id, command)),
    submenus: Object.entries(submenus).map(([id, { label }]) => ({ id, label: texts.reference(id, label) })),
    menus: menus(),
    keybindings,
    configuration: {
      title: texts.reference('settings', 'KVM Workbench'),
      properties: texts.extract(SETTINGS, 'setting', schema),
    },
    configurationDefaults: texts.extract(configurationDefaults, 'default', ['label']),
    terminal: texts.extract(terminal, 'terminal', ['title']),
    debuggers: texts.extract(debuggers, 'debug', ['label', ...schema]),
    breakpoints,
    yamlValidation,
    taskDefinitions: texts.extract(taskDefinitions, 'task', schema),
  };
  const capabilities = {
    untrustedWorkspaces: { supported: true, restrictedConfigurations: RESTRICTED_SETTINGS },
    virtualWorkspaces: true,
  };
  return { capabilities, contributes, texts: texts.english };
}

function allCommands(): readonly (readonly [string, Command])[] {
  return Object.entries<Command>(COMMANDS);
}

function commandEntry(texts: Texts, id: string, { title, shortTitle, icon }: Command): Json {
  return {
    command: id,
    title: texts.reference(id, title),
    ...(shortTitle === undefined ? {} : { shortTitle: texts.reference(`${id}.short`, shortTitle) }),
    category: 'KVM',
    ...(icon === undefined ? {} : { icon: `$(${icon})` }),
  };
}

function menus(): Readonly<Record<string, readonly MenuEntry[]>> {
  const found = new Map<string, MenuEntry[]>();
  const add = (menu: string, entry: MenuEntry) => {
    const entries = found.get(menu);
    if (entries === undefined) found.set(menu, [entry]);
    else entries.push(entry);
  };
  for (const [id, { palette, menus: places = [] }] of allCommands()) {
    if (palette !== undefined) add('commandPalette', { command: id, when: palette });
    for (const place of places) add(place.menu, { command: id, ...whereIn(place) });
  }
  for (const [id, { place }] of Object.entries(submenus)) add(place.menu, { submenu: id, ...whereIn(place) });
  return Object.fromEntries([...found].toSorted(([a], [b]) => a.localeCompare(b)));
}

function whereIn({ when, group }: Place): MenuEntry {
  return { ...(when === undefined ? {} : { when }), group };
}
