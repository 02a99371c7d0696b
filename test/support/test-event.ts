/** One finished test of any layer. */
export interface TestEvent {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed, with the stack. */
  readonly detail?: string;
}
