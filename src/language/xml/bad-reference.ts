import { t } from '@vscode/l10n';
import type { BadReference } from './entities.ts';
import type { XmlProblemCode } from './tree.ts';
import { shortName } from './short-name.ts';

/** What is wrong with a reference in a text, and what to write instead. */
export function describeBadReference(
  text: string,
  { index, length, name }: BadReference,
  hasDoctype: boolean,
): { readonly code: XmlProblemCode; readonly message: string } {
  if (name === undefined && length === 1)
    return { code: 'bad-entity', message: t('Write “&amp;” for a “&” that starts no entity.') };
  if (name === undefined) {
    const written = text.slice(index, index + length);
    return {
      code: 'bad-entity',
      message: t('“{0}” is not a character that XML allows.', shortName(written)),
    };
  }
  return hasDoctype
    ? {
        code: 'unsupported-entity',
        message: t('The entity “{0}” is not expanded: write what it stands for.', shortName(name)),
      }
    : {
        code: 'bad-entity',
        message: t('There is no entity “{0}”; write “&amp;” for a plain “&”.', shortName(name)),
      };
}
