import { t } from '@vscode/l10n';
import {
  applyEdits,
  insertChild,
  setAttribute,
  setContent,
  type TextEdit,
} from '../../../language/xml/edit.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { attributeOf, childElements, type XmlElement } from '../../../language/xml/tree.ts';

const LOCAL_VNC = "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>";
const VIDEO = "<video>\n  <model type='vga'/>\n</video>";

/** How a display that listened nowhere can be reached: by a socket of its own, or a port of its host with a password. */
export type Listen = { readonly kind: 'socket' } | { readonly kind: 'port'; readonly password: string };

/**
 * A domain's XML with a VNC display that can be reached: one that listens nowhere listens as `listen` says, where
 * there is none it is added, for the host itself only, with a graphics card if there was none either.
 */
export function withVnc(xml: string, listen: Listen): string {
  const { root } = parseDocument(xml);
  const devices = root === undefined ? undefined : elements(root, 'devices')[0];
  if (devices === undefined) throw new Error(t('The domain’s XML has no <devices>'));
  const vnc = elements(devices, 'graphics').find((each) => attributeOf(each, 'type')?.value === 'vnc');
  if (vnc !== undefined) return applyEdits(xml, reachable(xml, vnc, listen));
  const hasVideo = elements(devices, 'video').some((video) =>
    elements(video, 'model').every((model) => attributeOf(model, 'type')?.value !== 'none'),
  );
  const added = hasVideo ? LOCAL_VNC : `${LOCAL_VNC}\n${VIDEO}`;
  return applyEdits(xml, [insertChild(xml, devices, added)]);
}

function reachable(xml: string, vnc: XmlElement, listen: Listen): readonly TextEdit[] {
  const [old] = elements(vnc, 'listen');
  const instead = (text: string) => old && { start: old.start, end: old.end, text };
  if (listen.kind === 'socket') {
    const socket = "<listen type='socket'/>";
    return [instead(socket) ?? setContent(xml, vnc, socket)];
  }
  return [
    setAttribute(vnc, 'autoport', 'yes'),
    instead("<listen type='address' address='127.0.0.1'/>") ?? setAttribute(vnc, 'listen', '127.0.0.1'),
    setAttribute(vnc, 'passwd', listen.password),
  ];
}

function elements(parent: XmlElement, name: string): readonly XmlElement[] {
  return childElements(parent).filter((each) => each.name === name);
}
