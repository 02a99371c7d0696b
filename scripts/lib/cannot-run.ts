/** Something that this machine cannot do, which is no failure of the project: tests count it as skipped. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError';
}
