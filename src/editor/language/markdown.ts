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
