import type { ImportGraph } from './imports.ts';

/**
 * Modules that import each other, directly or not, each circle by a shortest way round. One that shares a file with
 * another is left out: it may be gone with that.
 */
export function findCircles(graph: ImportGraph): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const told = new Set<string>();
  for (const start of graph.keys()) {
    const way = shortestWayRound(graph, start);
    if (way === undefined || way.some((file) => told.has(file))) continue;
    circles.push(way);
    for (const file of way) told.add(file);
  }
  return circles;
}

function shortestWayRound(graph: ImportGraph, start: string): string[] | undefined {
  const from = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return wayTo(file, from);
      if (from.has(next)) continue;
      from.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(last: string, from: ReadonlyMap<string, string>): string[] {
  const way = [last];
  for (let file = from.get(last); file !== undefined; file = from.get(file)) way.unshift(file);
  return way;
}
