import { t } from '@vscode/l10n';
import { removeAttribute } from '../xml/edit.ts';
import { attributeBelow, elementBelow, textBelow, valueBelow } from '../xml/find.ts';
import { childElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { remedy } from './remedy.ts';

/** What `<cpu>` says and its mode has no use for, and what needs more of it than is there. */
export function checkCpu(view: DomainView): Finding[] {
  return [...migratable(view), ...featuresOfNone(view), ...hotplug(view)];
}

function migratable({ root, text }: DomainView): Finding[] {
  const attribute = attributeBelow(root, 'cpu@migratable');
  const mode = valueBelow(root, 'cpu@mode') ?? 'custom';
  if (attribute === undefined || mode === 'host-passthrough' || mode === 'maximum') return [];
  return [
    {
      ...valueRange(attribute),
      code: 'cpu-migratable',
      message: t(
        '“migratable” is for the modes host-passthrough and maximum; libvirt refuses it with {0}.',
        mode,
      ),
      fixes: [remedy(t('Remove “{0}”', attribute.name), removeAttribute(text, attribute), true)],
      reference: 'formatdomain.html#cpu-model-and-topology',
    },
  ];
}

function featuresOfNone({ root }: DomainView): Finding[] {
  const cpu = childElement(root, 'cpu');
  const feature = cpu && childElement(cpu, 'feature');
  if (cpu === undefined || feature === undefined || (valueBelow(cpu, 'mode') ?? 'custom') !== 'custom')
    return [];
  if (textBelow(cpu, 'model') !== '') return [];
  return [
    {
      ...nameRange(feature),
      code: 'cpu-features',
      message: t(
        'CPU features add to a model, and <cpu> names none; libvirt refuses that. Set its mode, or add a <model>.',
      ),
      reference: 'formatdomain.html#cpu-model-and-topology',
    },
  ];
}

/** Memory is plugged into a NUMA node, which only POWER makes by itself. */
function hotplug({ root, arch }: DomainView): Finding[] {
  const most = arch?.startsWith('ppc64') === true ? undefined : childElement(root, 'maxMemory');
  const slots = most && attributeBelow(most, 'slots');
  if (most === undefined || slots === undefined || elementBelow(root, 'cpu/numa/cell') !== undefined)
    return [];
  return [
    {
      ...nameRange(most),
      code: 'memory-hotplug',
      message: t('Memory is plugged into a NUMA node: <maxMemory> needs a <numa> with a <cell> in <cpu>.'),
      reference: 'formatdomain.html#memory-allocation',
    },
  ];
}
