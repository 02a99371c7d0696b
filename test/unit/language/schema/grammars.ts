import { readFileSync } from 'node:fs';
import { loadSchema } from '../../../../src/language/schema/load.ts';
import { Schema } from '../../../../src/language/schema/schema.ts';
import { validate } from '../../../../src/language/schema/validate.ts';
import type { Diagnostic } from '../../../../src/language/schema/diagnostic.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

/** A schema of one or several files; the first is the one to start with. Each gets RelaxNG's namespace. */
export function schemaOf(first: string, others: Readonly<Record<string, string>> = {}): Schema {
  const files: Record<string, string> = { 'first.rng': first, ...others };
  return new Schema(
    loadSchema('first.rng', (file) => {
      const text = files[file];
      if (text === undefined) throw new Error(`no ${file}`);
      return text.replace(
        /<(\w+)/,
        '<$1 xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"',
      );
    }),
  );
}

export function errorsOf(schema: Schema, text: string): Diagnostic[] {
  return validate(parseDocument(text), schema).filter(({ severity }) => severity === 'error');
}

export function isValid(schema: Schema, text: string): boolean {
  return errorsOf(schema, text).length === 0;
}

/** A small grammar in the manner of libvirt's, for what an editor does. */
export const guest = schemaOf(
  readFileSync(new URL('guest.rng', import.meta.url), 'utf8').replace(
    / xmlns="[^"]*"| datatypeLibrary="[^"]*"/g,
    '',
  ),
);

/** A document of the grammar `guest`, with this after its name. */
export const body = (inner: string): string => `<guest type='kvm'>\n  <name>g</name>\n${inner}\n</guest>\n`;
