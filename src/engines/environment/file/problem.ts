/** Something about the file that a person should know, with the text that it is about. */
export interface Problem {
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
  /** One sentence. */
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly code: string;
}

export function problem(
  range: { readonly start: number; readonly end: number },
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { start: range.start, end: range.end, code, message, severity };
}
