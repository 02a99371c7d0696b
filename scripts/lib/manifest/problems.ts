import { COMMANDS } from '../../../src/workbench/manifest/commands.ts';
import { SETTINGS } from '../../../src/workbench/manifest/settings.ts';
import { type ManifestFiles, upToDate } from './files.ts';
import type { Sources } from './sources.ts';

/** Where a handler is given for a command: in a call, or in a table of them. */
const HANDLERS = /\bregister(?:Command)?\(\s*'(kvm\.[\w.]+)'|^\s*'(kvm\.[\w.]+)':/gmu;
/** An id that is made of parts cannot be searched for. */
const COMPOSED = /`kvm\.(?:\w+\.)?\$\{/gu;
const EXECUTED = /\bexecuteCommand(?:<[^>]*>)?\(\s*'(kvm\.[\w.]+)'/gu;

/** What is wrong with the manifest, in sentences: the files that are generated, and the sources that go with them. */
export function manifestProblems(files: ManifestFiles, sources: Sources): readonly string[] {
  return [
    ...staleFiles(files, sources),
    ...handlerProblems(sources),
    ...styleProblems(sources),
    ...unread(sources),
  ];
}

function staleFiles(files: ManifestFiles, sources: Sources): readonly string[] {
  const wanted = upToDate(files, sources);
  const names = Object.keys(wanted) as readonly (keyof ManifestFiles)[];
  return names
    .filter((name) => files[name] !== wanted[name])
    .map(
      (name) =>
        `${name} differs from what ${name.startsWith('l10n') ? 'src' : 'src/workbench/manifest'} says: run \`npm run manifest\`.`,
    );
}

function handlerProblems(sources: Sources): readonly string[] {
  const handlers = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(HANDLERS)].map(([, called, listed]) => ({ id: called ?? listed ?? '', path })),
  );
  const places = Map.groupBy(handlers, ({ id }) => id);
  return [
    ...Object.keys(COMMANDS)
      .filter((id) => !places.has(id))
      .map((id) => `${id} is declared, and nothing in src handles it.`),
    ...[...places].flatMap(([id, [first, second]]) => {
      if (!(id in COMMANDS)) return [`${id} is handled in ${first?.path}, and not declared.`];
      return second === undefined ? [] : [`${id} is handled twice: in ${first?.path} and ${second.path}.`];
    }),
  ];
}

function styleProblems(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, text]) => [
    ...[...text.matchAll(COMPOSED)].map(
      ([part]) => `${path} makes the id of a command of parts (${part}): no search finds it there.`,
    ),
    ...[...text.matchAll(EXECUTED)]
      .filter(([, id = '']) => id in COMMANDS)
      .map(([, id]) => `${path} executes ${id}, a command of ours: it should call the function.`),
  ]);
}

function unread(sources: Sources): readonly string[] {
  const all = [...sources.values()].join('\n');
  return Object.keys(SETTINGS)
    .filter((id) => !all.includes(`'${id}'`))
    .map((id) => `${id} is a setting that nothing in src reads.`);
}
