import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Host } from '../../../../src/model/inventory/host.ts';
import { connect, type Connection } from '../../../../src/client/libvirt/connect.ts';
import { isLibvirtError } from '../../../../src/client/libvirt/error.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { until } from '../../support/until.ts';

const ACCEPTED: readonly (readonly [what: string, name: string])[] = [
  ['quotes', `it's "web"`],
  ['a command', '$(touch pwned) `id` ${HOME}'],
  ['markup', '<b>&amp;'],
  ['emoji', '🦊 👩‍🚀'],
  ['right-to-left letters', 'שרת'],
  ['a bidi override', 'web\u202exml.exe'],
  ['255 letters', 'x'.repeat(255)],
  ['4000 letters', 'y'.repeat(4000)],
  ['a tab and spaces', ' a\tb '],
  ['an option', '--all'],
  ['a link', '[click](command:x)'],
  ['a backslash and a percent sign', String.raw`a\b%s%n`],
];

function testDomain(name: string): string {
  const text = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<domain type="test"><name>${text}</name><memory>8192</memory>
    <os><type arch="i686">hvm</type></os></domain>`;
}

suite('Hostile domain names', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;
  let host: Host;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.testUri, AbortSignal.timeout(20_000));
    host = new Host({ name: 'test', uri: daemon.testUri, origin: 'configured' });
    await host.connect();
  });
  after(async () => {
    host?.disconnect();
    connection?.close();
    await daemon.dispose();
  });

  for (const [what, name] of ACCEPTED)
    test(`${what}: defined, found, started, renamed and removed as they are`, async () => {
      const { domains } = connection;
      const { uuid } = await domains.defineXml(testDomain(name));
      await until(host, () => host.domains.get(uuid)?.name === name);
      const found = await domains.lookupByName(name);
      assert.equal(found.uuid, uuid);
      await domains.start(found);
      await until(host, () => host.domains.get(uuid)?.state === 'running');
      await domains.destroy(found);
      await domains.rename(found, `${name}2`);
      await until(host, () => host.domains.get(uuid)?.name === `${name}2`);
      await domains.undefine(await domains.lookupByUuid(uuid));
      await until(host, () => !host.domains.has(uuid));
    });

  for (const [what, name] of [
    ['a newline', 'a\nb'],
    ['a slash', 'a/b'],
    ['nothing', ''],
  ] as const)
    test(`${what}: refused by libvirt, and the connection lives on`, async () => {
      await assert.rejects(connection.domains.defineXml(testDomain(name)), isLibvirtErrorOf);
      assert.equal(await connection.type(), 'TEST');
    });
});

function isLibvirtErrorOf(error: unknown): boolean {
  return isLibvirtError(error) && /name/.test(error.message);
}
