/** Notices of VS Code render `[text](target)` as a link, and run a command that it leads to: foreign text must not. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}
