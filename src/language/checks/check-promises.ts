import { t } from '@vscode/l10n';
import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type TextRange,
  type XmlElement,
} from '../xml/tree.ts';
import type { Finding } from './finding.ts';
import { valueRange } from './measure.ts';

/** Where one part of a domain relies on another that says something else. */
export function checkPromises(root: XmlElement, devices: readonly XmlElement[]): Finding[] {
  return [...topology(root), ...features(root), ...ioThreads(root, devices)];
}

/** A topology has to be as large as the domain is. */
function topology(root: XmlElement): Finding[] {
  const vcpu = childElement(root, 'vcpu');
  const cpu = childElement(root, 'cpu');
  const element = cpu && childElement(cpu, 'topology');
  if (element === undefined) return [];
  const parts = ['sockets', 'dies', 'clusters', 'cores', 'threads'];
  const product = parts.reduce((size, part) => size * Number(attributeOf(element, part)?.value ?? 1), 1);
  const count = vcpu === undefined ? 1 : Number(textOf(vcpu));
  if (Number.isNaN(product) || Number.isNaN(count) || product === count) return [];
  return [
    {
      start: element.start,
      end: element.end,
      code: 'cpu-topology',
      message: t('The topology’s CPU count is {0}, but the domain’s is {1}.', product, count),
      ...(vcpu && { related: { start: vcpu.start, end: vcpu.end } }),
    },
  ];
}

function features(root: XmlElement): Finding[] {
  const cpu = childElement(root, 'cpu');
  const first = new Map<string, TextRange>();
  const findings: Finding[] = [];
  for (const feature of cpu === undefined ? [] : childElements(cpu)) {
    const name = feature.key === 'feature' ? attributeOf(feature, 'name') : undefined;
    if (name === undefined || name.value === '') continue;
    const related = first.get(name.value);
    if (related === undefined) first.set(name.value, valueRange(name));
    else
      findings.push({
        ...valueRange(name),
        code: 'duplicate-feature',
        message: t('The CPU feature “{0}” is listed twice; libvirt refuses that.', name.value),
        related,
      });
  }
  return findings;
}

/** The threads are numbered from 1 on, unless `<iothreadids>` names others. */
function ioThreads(root: XmlElement, devices: readonly XmlElement[]): Finding[] {
  const count = childElement(root, 'iothreads');
  const listed = childElement(root, 'iothreadids');
  const ids = new Set(
    (listed === undefined ? [] : childElements(listed)).map((each) => Number(attributeOf(each, 'id')?.value)),
  );
  const wanted = count === undefined ? 0 : Math.min(Number(textOf(count)), MAX_THREADS);
  for (let id = 1; ids.size < wanted; id++) ids.add(id);
  return devices.flatMap((device) => {
    const driver = childElement(device, 'driver');
    const thread = driver && attributeOf(driver, 'iothread');
    if (thread === undefined || !/^\d+$/.test(thread.value) || ids.has(Number(thread.value))) return [];
    return [
      {
        ...valueRange(thread),
        code: 'no-iothread',
        message: t('The domain has no I/O thread {0}; libvirt refuses that.', thread.value),
        ...(count && { related: { start: count.start, end: count.end } }),
      },
    ];
  });
}

const MAX_THREADS = 10_000;
