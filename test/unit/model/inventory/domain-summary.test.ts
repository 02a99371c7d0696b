import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { summarize } from '../../../../src/model/inventory/domain-summary.ts';

suite('What the XML of a domain says in a few words', () => {
  test('title, description, system and machine', () => {
    const summary = summarize(`<domain type="qemu">
      <title>Web &amp; mail</title><description>two
lines</description>
      <metadata><libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
        <libosinfo:os id="http://debian.org/debian/12"/></libosinfo:libosinfo></metadata>
      <os><type arch="x86_64" machine="pc-q35-7.2">hvm</type></os></domain>`);
    assert.deepEqual(summary, {
      title: 'Web & mail',
      description: 'two\nlines',
      os: 'debian 12',
      machine: 'x86_64 pc-q35-7.2',
      hasScreen: false,
      agent: 'absent',
    });
  });

  test('nothing where there is nothing', () => {
    const none = {
      title: undefined,
      description: undefined,
      os: undefined,
      machine: undefined,
      hasScreen: false,
      agent: 'absent',
    };
    assert.deepEqual(summarize('<domain type="test"/>'), none);
    assert.deepEqual(summarize('<domain><os><type>hvm</type></os><title/></domain>'), none);
    assert.deepEqual(summarize('<network/>'), none);
  });

  test('whether there is a screen to take a picture of', () => {
    const of = (video: string) => summarize(`<domain><devices>${video}</devices></domain>`).hasScreen;
    assert.equal(of('<video><model type="vga"/></video>'), true);
    assert.equal(of('<video><model type="none"/></video>'), false);
  });

  test('whether the guest agent answers', () => {
    const of = (state: string) =>
      summarize(`<domain><devices><channel type="unix"/><channel type="unix">
        <target type="virtio" name="org.qemu.guest_agent.0"${state}/></channel></devices></domain>`).agent;
    assert.equal(of(' state="connected"'), 'connected');
    assert.equal(of(' state="disconnected"'), 'silent');
    assert.equal(of(''), 'silent');
  });

  test('a file that an entity names is not read', () => {
    const doctype = '<!DOCTYPE d [<!ENTITY secret SYSTEM "file:///etc/passwd">]>';
    assert.throws(() => summarize(`${doctype}<domain><title>&secret;</title></domain>`), /not supported/);
  });
});
