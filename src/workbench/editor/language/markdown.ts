import { displayName } from '../../ui/names.ts';

/** Foreign text as Markdown that shows it as it is, and still breaks its lines between words. */
export function escapeMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      displayName(line)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll(/[\\`*_{}[\]()#+\-!~|>$]/g, String.raw`\$&`),
    )
    .join('\n');
}

/** Prose as Markdown: words between backticks are code, lines that begin with a dash are items of a list. */
export function proseMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('- ') ? `- ${inline(line.slice(2))}` : inline(line)))
    .join('\n');
}

function inline(line: string): string {
  return line
    .split('`')
    .map((part, index) => (index % 2 === 0 ? escapeMarkdown(part) : codeSpan(part)))
    .join('');
}

function codeSpan(text: string): string {
  return text === '' ? '' : `\`${displayName(text)}\``;
}
