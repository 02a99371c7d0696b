import { t } from '@vscode/l10n';
import type { NewElement } from '../../language/xml/build.ts';
import { parseDocument } from '../../language/xml/parse.ts';
import { childElements, textOf, type XmlElement } from '../../language/xml/tree.ts';

/** Elements that may repeat: a patch adds one instead of changing the first. */
const LISTS = new Set([
  'devices/disk',
  'devices/controller',
  'devices/interface',
  'devices/filesystem',
  'devices/serial',
  'devices/parallel',
  'devices/channel',
  'devices/input',
  'devices/hostdev',
  'devices/sound',
  'devices/redirdev',
  'devices/smartcard',
  'devices/shmem',
  'devices/memory',
  'devices/rng',
  'devices/graphics',
  'qemu:commandline/qemu:arg',
  'qemu:commandline/qemu:env',
  'os/boot',
  'cpu/feature',
]);

/**
 * Merges a `<domain>` that a person wrote into a generated one. Attributes and texts replace. An element that exists is
 * merged, any other is added. Devices are always added, except those of which a machine has only one.
 * @throws SyntaxError when the patch is not XML
 */
export function mergeDomain(base: NewElement, patch: string): NewElement {
  const { root, problems } = parseDocument(patch);
  const [problem] = problems;
  if (problem !== undefined || root === undefined)
    throw new SyntaxError(problem?.message ?? t('The XML has no element'));
  return merge(base, asNew(root));
}

function merge(base: NewElement, patch: NewElement): NewElement {
  const texts = patch.content.filter((each) => typeof each === 'string');
  const content =
    texts.length > 0
      ? [...base.content.filter((each) => typeof each !== 'string'), ...texts]
      : [...base.content];
  for (const each of patch.content) {
    if (typeof each === 'string') continue;
    const own = `${base.name}/${each.name}`;
    const index = LISTS.has(own)
      ? -1
      : content.findIndex((old) => typeof old !== 'string' && old.name === each.name);
    const old = content[index];
    if (old === undefined || typeof old === 'string') content.push(each);
    else content[index] = merge(old, each);
  }
  return { name: base.name, attributes: { ...base.attributes, ...patch.attributes }, content };
}

function asNew(element: XmlElement): NewElement {
  const inner = childElements(element);
  const text = textOf(element).trim();
  return {
    name: element.name,
    attributes: Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])),
    content: inner.length > 0 ? inner.map(asNew) : text === '' ? [] : [text],
  };
}
