import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Affect } from '../../../../../src/client/libvirt/affect.ts';
import { StatsGroup } from '../../../../../src/client/libvirt/domain/stats.ts';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import { DefineFilter } from '../../../../../src/client/libvirt/network/filter.ts';
import { CreatePort } from '../../../../../src/client/libvirt/network/port.ts';
import {
  DefineNetwork,
  ListNetworks,
  type NetworkEvent,
  type NetworkRef,
  NetworkSection,
  NetworkUpdate,
  NetworkXml,
} from '../../../../../src/client/libvirt/network/network.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { Heard, refused, useBench } from '../support.ts';

const isolated = (name: string, bridge: string) => `<network><name>${name}</name><bridge name="${bridge}"/>
  <mac address="52:54:00:11:22:33"/>
  <ip address="10.77.0.1" netmask="255.255.255.0"><dhcp><range start="10.77.0.10" end="10.77.0.20"/></dhcp></ip>
  </network>`;

const portXml = (network: NetworkRef, uuid: string) => `<networkport><uuid>${uuid}</uuid>
  <owner><name>me</name><uuid>${network.uuid}</uuid></owner><mac address="52:54:00:00:00:09"/></networkport>`;

const isRoot = process.getuid?.() === 0;

suite('Networks', { skip: isRoot ? false : 'Only root can make bridges' }, () => {
  const bench = useBench({ privateNetwork: true });

  test('live, are changed while they run, and are heard of', async () => {
    const { networks } = bench.qemu;
    const heard = new Heard<NetworkEvent>();
    const stop = await networks.onLifecycle(heard.hear);
    const network = await networks.defineXml(isolated('net', 'kwtest0'), DefineNetwork.VALIDATE);
    assert.deepEqual(await heard.next(), { network, event: 'defined' });
    assert.deepEqual(await networks.lookupByName('net'), network);
    assert.deepEqual(await networks.lookupByUuid(network.uuid), network);
    await networks.start(network);
    assert.equal((await heard.next()).event, 'started');
    assert.deepEqual(await networks.list(ListNetworks.ACTIVE | ListNetworks.PERSISTENT), [network]);
    assert.deepEqual([await networks.isActive(network), await networks.isPersistent(network)], [true, true]);
    assert.equal(await networks.bridgeName(network), 'kwtest0');
    await networks.setAutostart(network, true);
    assert.equal(await networks.autostart(network), true);
    assert.deepEqual(await networks.dhcpLeases(network), []);
    assert.deepEqual(await networks.dhcpLeases(network, '52:54:00:00:00:01'), []);

    await networks.update(network, {
      command: NetworkUpdate.ADD_LAST,
      section: NetworkSection.IP_DHCP_HOST,
      xml: `<host mac="52:54:00:00:00:01" ip="10.77.0.11"/>`,
      flags: Affect.LIVE,
    });
    assert.match(await networks.xml(network), /ip='10\.77\.0\.11'/);
    assert.doesNotMatch(await networks.xml(network, NetworkXml.INACTIVE), /10\.77\.0\.11/);
    await refused(
      networks.update(network, {
        command: NetworkUpdate.MODIFY,
        section: NetworkSection.BRIDGE,
        xml: '<x/>',
      }),
      ErrorCode.OPERATION_UNSUPPORTED,
      /can't update 'bridge' section/,
    );

    await networks.destroy(network);
    await networks.undefine(network);
    assert.equal((await heard.next(({ event }) => event === 'undefined')).network.name, 'net');
    await stop();
    await refused(networks.lookupByName('net'), ErrorCode.NO_NETWORK, /no network with matching name/);
  });

  test('can be there for a while only', async () => {
    const { networks } = bench.qemu;
    const network = await networks.createXml(isolated('brief', 'kwtest1'), DefineNetwork.VALIDATE);
    assert.equal(await networks.isPersistent(network), false);
    await networks.destroy(network);
    const again = await networks.createXml(isolated('brief', 'kwtest1'));
    await networks.destroy(again);
    const defined = await networks.defineXml(isolated('brief', 'kwtest1'));
    await networks.undefine(defined);
  });

  test('have leases as the DHCP server wrote them down', async () => {
    const { networks, domainGuests, domains } = bench.qemu;
    const network = await networks.createXml(isolated('leased', 'kwtest4'));
    const mac = '52:54:00:00:00:77';
    const device = `<interface type="network"><mac address="${mac}"/><source network="leased"/></interface>`;
    const guest = tinyOsXml({ name: 'leased', kernel: await bench.daemon.tinyOsElf() });
    const domain = await domains.createXml(guest.replace('<devices>', `<devices>${device}`));
    // What dnsmasq's helper keeps when a guest has asked.
    const expiryTime = Math.floor(Date.now() / 1000) + 3600;
    const lease = {
      'ip-address': '10.77.0.12',
      'mac-address': mac,
      hostname: 'tiny',
      'client-id': '01:02',
      'expiry-time': expiryTime,
    };
    await writeFile(join(bench.daemon.folder, 'lib/dnsmasq/kwtest4.status'), JSON.stringify([lease]));
    const expected = {
      interface: 'kwtest4',
      expiryTime,
      version: 4,
      address: '10.77.0.12',
      prefix: 24,
      mac,
      iaid: undefined,
      hostname: 'tiny',
      clientId: '01:02',
    };
    assert.deepEqual(await networks.dhcpLeases(network), [expected]);
    assert.deepEqual(await networks.dhcpLeases(network, mac), [expected]);
    const [address] = await domainGuests.interfaceAddresses(domain);
    assert.equal(address?.mac, mac);
    assert.deepEqual(address.addresses, [{ version: 4, address: '10.77.0.12', prefix: 24 }]);
    const { stats } = (await bench.qemu.domainStatistics.of([domain], StatsGroup.INTERFACE))[0] ?? {};
    assert.equal(typeof stats?.interfaces[0]?.received.bytes, 'bigint');
    await domains.destroy(domain);
    await networks.destroy(network);

    // The test driver knows no leases: its words arrive.
    const made = await bench.test.networks.lookupByName('default');
    await refused(bench.test.networks.dhcpLeases(made), ErrorCode.NO_SUPPORT, /not supported/);
    assert.equal(await bench.test.networks.bridgeName(made), 'virbr0');
  });

  test('have ports, whose bandwidth can be bound', async () => {
    const { networks, networkPorts: ports } = bench.qemu;
    const network = await networks.createXml(isolated('ports', 'kwtest2'));
    const uuid = randomUUID();
    const created = await ports.create(network, portXml(network, uuid), CreatePort.VALIDATE);
    assert.deepEqual(created, { network, uuid });
    assert.deepEqual(await ports.list(network), [created]);
    assert.deepEqual(await ports.lookupByUuid(network, uuid), created);
    assert.match(await ports.xml(created), /<owner>\s*<name>me<\/name>/);
    await ports.setBandwidth(created, { inbound: { average: 100, peak: 200, burst: 50 } });
    const bandwidth = await ports.bandwidth(created);
    assert.deepEqual(bandwidth.inbound, { average: 100, peak: 200, burst: 50, floor: 0 });
    assert.equal(bandwidth.outbound.average ?? 0, 0);
    await ports.delete(created);
    await refused(ports.lookupByUuid(network, uuid), ErrorCode.NO_NETWORK_PORT, new RegExp(uuid));
    await networks.destroy(network);
  });

  test('are filtered', async () => {
    const { networks, networkFilters: filters, domains } = bench.qemu;
    const rule = `<rule action="drop" direction="in" priority="500"><tcp dstportstart="22"/></rule>`;
    const filter = await filters.defineXml(`<filter name="no-ssh">${rule}</filter>`);
    assert.deepEqual(await filters.lookupByName('no-ssh'), filter);
    assert.deepEqual(await filters.lookupByUuid(filter.uuid), filter);
    assert.deepEqual(await filters.list(), [filter]);
    assert.match(await filters.xml(filter), /dstportstart='22'/);
    const changed = `<filter name="no-ssh"><uuid>${filter.uuid}</uuid></filter>`;
    assert.deepEqual(await filters.defineXml(changed, DefineFilter.VALIDATE), filter);
    await refused(filters.lookupByName('none'), ErrorCode.NO_NWFILTER, /none/);

    const network = await networks.createXml(isolated('filtered', 'kwtest3'));
    const device = `<interface type="network"><source network="filtered"/><target dev="kwport0"/>
      <filterref filter="no-ssh"/></interface>`;
    const guest = tinyOsXml({ name: 'filtered', kernel: await bench.daemon.tinyOsElf() });
    const domain = await domains.createXml(guest.replace('<devices>', `<devices>${device}`));
    const [binding] = await filters.bindings();
    assert.deepEqual(binding, { portDevice: 'kwport0', filterName: 'no-ssh' });
    assert.deepEqual(await filters.lookupBinding('kwport0'), binding);
    const bindingXml = await filters.bindingXml(binding);
    assert.match(bindingXml, /<filterref filter='no-ssh'>/);
    await filters.deleteBinding(binding);
    assert.deepEqual(await filters.createBinding(bindingXml), binding);
    await refused(filters.undefine(filter), ErrorCode.OPERATION_INVALID, /in use/);
    await domains.destroy(domain);
    assert.deepEqual(await filters.bindings(), []);
    await filters.undefine(filter);
    await networks.destroy(network);
  });
});
