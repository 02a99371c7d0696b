/** An image cannot be used: why, and what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: 'checksum' | 'network' | 'no-space' | 'not-found' | 'bad-image';
  readonly hint: string | undefined;

  constructor(code: ImageError['code'], message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
