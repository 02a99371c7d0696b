import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isAgentChannel, portName, portsOf } from '../../../../../src/workbench/console/serial/ports.ts';

function names(devices: string): readonly string[] {
  return portsOf(`<domain><devices>${devices}</devices></domain>`).map(portName);
}

const SERIAL = '<serial type="pty"><target type="isa-serial" port="0"/><alias name="serial0"/></serial>';
const SAME = '<console type="pty"><target type="serial" port="0"/><alias name="serial0"/></console>';

suite('The ports of a domain', () => {
  test('count the first serial port once, though libvirt lists it as a console, too', () => {
    assert.deepEqual(names(SERIAL + SAME), ['serial0']);
  });

  test('count a console of its own', () => {
    const virtio = '<console type="pty"><target type="virtio" port="1"/></console>';
    assert.deepEqual(names(SERIAL + SAME + virtio), ['serial0', 'console1']);
    assert.deepEqual(names(virtio), ['console0']);
  });

  test('leave out what leads elsewhere already', () => {
    assert.deepEqual(names('<serial type="tcp"/><serial type="pty"/><serial type="file"/>'), ['serial1']);
    assert.deepEqual(
      names('<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel>'),
      [],
    );
  });

  test('tell the agent’s channel from one that is free', () => {
    const channels = ['org.qemu.guest_agent.0', 'org.example.mine'].map(
      (name) => `<channel type="unix"><target type="virtio" name="${name}"/></channel>`,
    );
    const ports = portsOf(`<domain><devices>${channels.join('')}</devices></domain>`);
    assert.deepEqual(ports.map(isAgentChannel), [true, false]);
    assert.equal(portName(ports[1] ?? assert.fail()), 'org.example.mine');
  });

  test('are none where there are no devices', () => {
    assert.deepEqual(portsOf('<domain/>'), []);
  });
});
