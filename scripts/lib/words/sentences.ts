import { childrenOf, lastName, nodeIn, nodesIn, parse, stringOf, type Node } from './syntax.ts';

/** The sentences of a source file that `t` translates, in their order. What is wrong with them is for `untranslated.ts`. */
export function sentencesIn(file: string, text: string): readonly string[] {
  // Most files have none, and parsing takes time.
  return text.includes('@vscode/l10n') ? [...sentencesBelow(parse(file, text).program)] : [];
}

function* sentencesBelow(node: Node): Generator<string> {
  if (node.type === 'CallExpression' && lastName(nodeIn(node, 'callee')) === 't') {
    const sentence = stringOf(nodesIn(node, 'arguments')[0]);
    if (sentence !== undefined) yield sentence;
  }
  for (const [, child] of childrenOf(node)) yield* sentencesBelow(child);
}
