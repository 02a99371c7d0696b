import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { placeOfRefusal } from '../../../../../src/workbench/editor/documents/refusal.ts';

const XML = `<domain type='kvm'>
  <name>web</name>
  <vcpu>4</vcpu>
  <os>
    <type arch='x86_64' machine='pc-9'>hvm</type>
  </os>
  <cpu>
    <topology sockets='1' cores='2' threads='1'/>
  </cpu>
  <devices>
    <disk type='file' device='disk'>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='disk'>
      <target dev='vdb' bus='nvme'/>
    </disk>
  </devices>
</domain>
`;

/** Messages as libvirt writes them, and what a person would point at. */
const CASES: readonly (readonly [message: string, expected: string])[] = [
  ['(domain_definition):3: Opening and ending tag mismatch: vcpu line 3 and os', '<vcpu>4</vcpu>'],
  ['XML error: something odd on line 2', '<name>web</name>'],
  [
    "unsupported configuration: Emulator '/usr/bin/qemu' does not support machine type 'pc-9'",
    "machine='pc-9'",
  ],
  ["XML error: target 'vdb' duplicated for disk sources", "dev='vdb'"],
  ["unsupported configuration: CPU topology doesn't match maximum vcpu count", '<vcpu>'],
  ["XML error: Invalid value for attribute 'bus' in element 'target': 'nvme'.", "bus='nvme'"],
  ['internal error: nobody knows', "<domain type='kvm'>"],
];

suite('Where a refusal speaks of', () => {
  for (const [message, expected] of CASES)
    test(message, () => {
      const { start, end } = placeOfRefusal(XML, message);
      assert.equal(XML.slice(start, end), expected);
    });

  test('is somewhere in any text', () => {
    for (const text of ['', '<', 'not xml', '<a']) {
      const { start, end } = placeOfRefusal(text, "line 99: 'a' is wrong");
      assert.ok(start >= 0 && end >= start && end <= text.length, text);
    }
  });
});
