import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkAgainstHost } from '../../../../src/language/checks/check-against-host.ts';
import { machineOf } from '../../../../src/language/checks/domain-machine.ts';
import { readGuestCapabilities } from '../../../../src/model/inventory/facts/capabilities.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { assertLinear, repeated } from '../../../support/growth.ts';
import { DOMAIN, FACTS } from '../../support/host-offer.ts';

const [network] = FACTS.networks;
const [pool] = FACTS.pools;
assert.ok(network !== undefined && pool !== undefined);

function rootOf(xml: string) {
  const { root } = parseDocument(xml);
  assert.ok(root);
  return root;
}

function warnings(xml: string): string[] {
  const root = rootOf(xml);
  return checkAgainstHost(root, 'lab', FACTS, machineOf(root, FACTS), DOMAIN).map(({ message }) => message);
}

suite('What a host cannot do', () => {
  test('is nothing where it has it all', () => {
    assert.deepEqual(
      warnings(`<domain type='qemu'><vcpu>2</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>
        <cpu mode='custom'><model>qemu64</model></cpu>
        <devices><interface><source network='default'/></interface>
        <disk><source file='/images/a.qcow2'/><target dev='sda' bus='sata'/></disk>
        <disk><source file='/elsewhere/b'/></disk></devices></domain>`),
      [],
    );
  });

  test('is told with what it has instead', () => {
    assert.deepEqual(
      warnings(`<domain type='kvm'><vcpu>17</vcpu><os><type arch='x86_64' machine='virt'>hvm</type></os>
        <cpu><model>EPYC</model></cpu><devices>
        <interface><source network='no'/></interface><interface><source network='off'/></interface>
        <disk><source pool='images' volume='b'/></disk><disk><source pool='nowhere'/></disk>
        <disk><source file='/images/b.qcow2'/><target dev='a' bus='ide'/></disk><tpm/></devices></domain>`),
      [
        'lab cannot run x86_64 domains of type kvm. Only qemu is available.',
        'The vCPU limit of the machine virt on lab is 16.',
        'lab has no machine “virt” for x86_64. Available: q35, pc.',
        'lab lacks features of the CPU model EPYC. Only qemu64 is available.',
        'lab has no network “no”. Available: default, off.',
        'The network “off” on lab is not active: the domain would not start.',
        'The storage pool “images” has no volume “b”. Only a.qcow2 is available.',
        'lab has no storage pool “nowhere”. Only images is available.',
        'There is no file “b.qcow2” in the storage pool “images” (/images) on lab.',
        'lab has no <disk> with bus “ide” for this machine. Available: sata, virtio.',
        'lab has no <tpm> devices for this machine and type of domain.',
      ],
    );
  });

  test('is told in step with the document and with what the host has', () =>
    assertLinear(
      2000,
      (n) => {
        const volumes = Array.from({ length: n }, (_, i) => ({ name: `v${i}`, path: `/images/v${i}` }));
        const networks = volumes.map(({ name }) => ({ ...network, name }));
        const devices = repeated(
          n,
          (
            i,
          ) => `<disk><source file='/images/w${i}'/></disk><disk><source pool='images' volume='w${i}'/></disk>
            <interface><source network='w${i}'/></interface>`,
        );
        const root = rootOf(`<domain type='qemu'><devices>${devices}</devices></domain>`);
        return { root, offer: { ...FACTS, networks, pools: [{ ...pool, volumes }] } };
      },
      ({ root, offer }) =>
        assert.ok(checkAgainstHost(root, 'lab', offer, machineOf(root, offer), DOMAIN).length > 1000),
    ));

  test('is asked of the host’s own architecture where a domain names none', () => {
    const guest = (arch: string, machine: string) =>
      `<guest><arch name='${arch}'><machine>${machine}</machine><domain type='qemu'/></arch></guest>`;
    const guests = readGuestCapabilities(
      `<capabilities><host><cpu><arch>x86_64</arch></cpu></host>${guest('alpha', 'clipper')}${guest('x86_64', 'pc')}</capabilities>`,
    );
    const root = rootOf("<domain type='qemu'><os><type machine='pc'>hvm</type></os></domain>");
    const facts = { ...FACTS, guests };
    assert.deepEqual(checkAgainstHost(root, 'lab', facts, machineOf(root, facts), undefined), []);
  });

  test('an architecture and a CPU mode', () => {
    assert.deepEqual(
      warnings("<domain type='qemu'><os><type arch='s390x'/></os><cpu mode='host-passthrough'/></domain>"),
      [
        'lab cannot run s390x domains. Only x86_64 is available.',
        'lab does not support the CPU mode host-passthrough here. Only custom is available.',
      ],
    );
  });
});
