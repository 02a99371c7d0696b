import type { ImportGraph } from './imports.ts';
import { mayImport, roomOf, storeyOf, VSCODE } from './table.ts';

/** From a room or storey to another. */
type Arrow = readonly [from: string, to: string];

const BEGIN = '<!-- drawn from the imports by `npm run storeys -- --write` -->';
const END = '<!-- end of the picture -->';

/**
 * Draws the imports of `src`: within a storey an arrow from room to room, and from storey to storey where any room
 * imports any of the other.
 */
export function drawStoreys(graph: ImportGraph): string {
  const present = new Set([...graph.keys()].flatMap((file) => roomOf(inSrc(file)) ?? []));
  // From the top down, as a house is drawn.
  const rooms = Object.keys(mayImport)
    .filter((room) => present.has(room))
    .toReversed();
  const storeys = [...new Set(rooms.map(storeyOf))];
  const lines = ['```mermaid', 'flowchart TB'];
  for (const storey of storeys) lines.push(...drawStorey(storey, rooms));
  for (const [from, to] of arrowsOf(graph)) lines.push(`  ${from} --> ${to}`);
  return [BEGIN, '', ...lines, '```', '', END].join('\n');
}

/** The same page with the picture as it is now. @throws Error when the page has no place for one. */
export function withPicture(page: string, picture: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The page has no lines ${BEGIN} and ${END}.`);
  return page.slice(0, begin) + picture + page.slice(end + END.length);
}

function drawStorey(storey: string, all: readonly string[]): readonly string[] {
  const rooms = all.filter((room) => storeyOf(room) === storey && room !== storey);
  if (rooms.length === 0) return [`  ${storey}`];
  return [
    `  subgraph ${storey}`,
    ...rooms.map((room) => `    ${room}[${room.slice(storey.length + 1)}]`),
    '  end',
  ];
}

function arrowsOf(graph: ImportGraph): readonly Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const [file, imports] of graph) {
    const from = roomOf(inSrc(file));
    if (from === undefined) continue;
    for (const imported of imports) {
      const to = imported === VSCODE ? VSCODE : roomOf(inSrc(imported));
      if (to === undefined || to === from) continue;
      const isInside = storeyOf(from) === storeyOf(to);
      const arrow: Arrow = isInside ? [from, to] : [storeyOf(from), storeyOf(to)];
      arrows.set(arrow.join(' '), arrow);
    }
  }
  const order = [VSCODE, ...Object.keys(mayImport).flatMap((room) => [storeyOf(room), room])];
  const place = (name: string) => order.indexOf(name);
  return [...arrows.values()].toSorted((a, b) => place(b[0]) - place(a[0]) || place(b[1]) - place(a[1]));
}

function inSrc(file: string): string {
  return file.replace(/^src\//, '');
}
