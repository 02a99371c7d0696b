interface Line {
  readonly label: string;
  readonly description?: string;
}

/**
 * The line that a person most likely means by what they typed: one that is called so, begins so, has it in its name or
 * in what is said of it, or at least has its letters in this order, which is what VS Code keeps in the list.
 */
export function bestMatch<T extends Line>(lines: readonly T[], typed: string): T | undefined {
  const wanted = typed.trim().toLowerCase();
  const called = (fits: (label: string) => boolean) => lines.find(({ label }) => fits(label.toLowerCase()));
  return (
    called((label) => label === wanted) ??
    called((label) => label.startsWith(wanted)) ??
    called((label) => label.includes(wanted)) ??
    lines.find(({ description = '' }) => description.toLowerCase().includes(wanted)) ??
    called((label) => hasInOrder(label, wanted))
  );
}

function hasInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
