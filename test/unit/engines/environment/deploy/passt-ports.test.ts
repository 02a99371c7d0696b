import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { effectOf } from '../../../../../src/engines/environment/deploy/facets.ts';
import { passtForwards, passtPorts } from '../../../../../src/engines/environment/deploy/passt-ports.ts';
import type { DeclaredPort } from '../../../../../src/engines/environment/file/model.ts';

const WEB: DeclaredPort = { protocol: 'tcp', address: '0.0.0.0', host: 8080, guest: 80 };

const guest = (ports: readonly DeclaredPort[], ssh?: { port: number }) => ({
  name: 'box',
  ports,
  ssh,
});

suite('The ports of a guest on passt', () => {
  test('are those that the file names, where the file says', async () => {
    assert.deepEqual(await passtForwards(guest([WEB]), true, 'id'), [
      { protocol: 'tcp', address: '0.0.0.0', hostPort: 8080, guestPort: 80 },
    ]);
  });

  test('are for the connection only, on another machine', async () => {
    const [web] = await passtForwards(guest([WEB]), false, 'id');
    assert.equal(web?.address, '127.0.0.1');
  });

  test('have one for ssh, the same each time', async () => {
    const [, ssh] = await passtForwards(guest([WEB], { port: 22 }), false, 'id');
    assert.equal(ssh?.guestPort, 22);
    assert.equal(ssh.address, '127.0.0.1');
    assert.deepEqual((await passtForwards(guest([WEB], { port: 22 }), false, 'id'))[1], ssh);
    assert.notDeepEqual((await passtForwards(guest([WEB], { port: 22 }), false, 'other'))[1], ssh);
  });

  test('have no other for ssh than the one of the file', async () => {
    const own = { ...WEB, host: 2222, guest: 22 };
    assert.equal((await passtForwards(guest([own], { port: 22 }), true, 'id')).length, 1);
  });

  test('leave the one alone that another program has', async () => {
    const [wanted] = await passtForwards(guest([], { port: 22 }), false, 'id');
    const other = createServer().listen(wanted?.hostPort, '127.0.0.1');
    await once(other, 'listening');
    try {
      const [ssh] = await passtForwards(guest([], { port: 22 }), true, 'id');
      assert.ok(ssh !== undefined && wanted !== undefined && ssh.hostPort > wanted.hostPort);
    } finally {
      other.close();
    }
  });

  test('are read from the running domain', () => {
    const xml = `<domain><devices>
      <interface type='user'><portForward proto='tcp'><range start='1' to='2'/></portForward></interface>
      <interface type='user'>
        <backend type='passt'/>
        <portForward proto='tcp' address='127.0.0.1'><range start='8080' to='80'/><range start='99'/></portForward>
        <portForward proto='udp'><range start='53'/></portForward>
      </interface>
    </devices></domain>`;
    assert.deepEqual(passtPorts(xml), [
      { protocol: 'tcp', address: '127.0.0.1', host: 8080, guest: 80 },
      { protocol: 'tcp', address: '127.0.0.1', host: 99, guest: 99 },
      { protocol: 'udp', address: '0.0.0.0', host: 53, guest: 53 },
    ]);
  });

  test('take a restart to change, others do not', () => {
    assert.equal(effectOf('ports', new Map([['networks', 'passt 52:54:00:00:00:01, default']])), 'restart');
    assert.equal(effectOf('ports', new Map([['networks', 'user, my-passt']])), 'now');
    assert.equal(effectOf('ports', new Map()), 'now');
  });
});
