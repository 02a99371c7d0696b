/**
 * An open start tag at the end of a line: what follows stands inside of it. The last “>” of the line is taken for the
 * tag's, and a “<” for the beginning of another, so that even a line of megabytes is looked through once.
 */
export const OPENED = /<[\w:.-]+(?:\s[^<]*)?(?<!\/)>[^<>]*$/;
