import { applyEdits, insertChild, setAttribute, setContent, type TextEdit } from '../../xml/edit.ts';
import { parseDocument } from '../../xml/parse.ts';
import { attributeOf, childElements, type XmlElement } from '../../xml/tree.ts';

const LOCAL_VNC = "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>";
const VIDEO = "<video>\n  <model type='vga'/>\n</video>";

/**
 * A domain's XML with a VNC display that can be reached: one that listens nowhere gets a socket, where there is
 * none it is added, for the host itself only, with a graphics card if there was none either.
 */
export function withVnc(xml: string): string {
  const { root } = parseDocument(xml);
  const devices = root === undefined ? undefined : elements(root, 'devices')[0];
  if (devices === undefined) throw new Error('The domain’s XML has no devices');
  const vnc = elements(devices, 'graphics').find((each) => attributeOf(each, 'type')?.value === 'vnc');
  if (vnc !== undefined) return applyEdits(xml, reachable(xml, vnc));
  const hasVideo = elements(devices, 'video').some((video) =>
    elements(video, 'model').every((model) => attributeOf(model, 'type')?.value !== 'none'),
  );
  const added = hasVideo ? LOCAL_VNC : `${LOCAL_VNC}\n${VIDEO}`;
  return applyEdits(xml, [insertChild(xml, devices, added)]);
}

function reachable(xml: string, vnc: XmlElement): readonly TextEdit[] {
  const [listen] = elements(vnc, 'listen');
  if (listen === undefined) return [setContent(xml, vnc, "<listen type='socket'/>")];
  return [setAttribute(listen, 'type', 'socket')];
}

function elements(parent: XmlElement, name: string): readonly XmlElement[] {
  return childElements(parent).filter((each) => each.name === name);
}
