import { listedNames, type CompiledSchema, type NameClass } from './grammar.ts';

interface ElementNode {
  readonly id: number;
  readonly names: NameClass;
}

/** The elements that a node holds, not those inside of them, in the order in which the schema speaks of them. */
export function elementsBelow({ nodes, defines }: CompiledSchema, from: number): ElementNode[] {
  const found: ElementNode[] = [];
  const seen = new Set<number>();
  const visit = (id: number): void => {
    const node = nodes[id];
    if (node === undefined || seen.has(id)) return;
    seen.add(id);
    const [kind] = node;
    if (kind === 'element') found.push({ id, names: node[1] });
    else if (kind === 'ref') visit(defines[node[1]] ?? -1);
    else if (kind === 'oneOrMore') visit(node[1]);
    else if (kind === 'choice' || kind === 'group' || kind === 'interleave') {
      const [, ...parts] = node;
      for (const part of parts) visit(part);
    }
  };
  visit(from);
  return found;
}

/** A schema whose documents are what elements of a name hold, but some. */
export function partOf(
  compiled: CompiledSchema,
  holder: string,
  except: ReadonlySet<string>,
): CompiledSchema | undefined {
  const content = compiled.nodes.find((node) => node[0] === 'element' && node[1] === holder)?.[2];
  if (typeof content !== 'number') return undefined;
  const roots = elementsBelow(compiled, content)
    .filter(({ names }) => !listedNames(names).some((name) => except.has(name)))
    .map(({ id }) => id);
  return { ...compiled, nodes: [...compiled.nodes, ['choice', ...roots]], start: compiled.nodes.length };
}
