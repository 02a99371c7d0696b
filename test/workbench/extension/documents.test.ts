import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { aliasOf } from '../../../src/model/inventory/alias.ts';

const run = promisify(execFile);
const qemu = process.env['KVM_TEST_URI'] ?? '';
const testDriver = process.env['KVM_TEST_DRIVER_URI'] ?? '';

const UUID = 'aa1bbb1c-0a5d-4f7e-9c0e-3f2f4b6a7d01';

suite('the XML of what a host has', () => {
  let folder: string;

  suiteSetup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-documents-'));
  });

  suiteTeardown(() => rm(folder, { recursive: true, force: true }));

  teardown(async () => {
    for (const group of vscode.window.tabGroups.all)
      for (let open = group.tabs.length; open > 0; open--)
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  async function virsh(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('virsh', ['-q', '-c', qemu, ...args]);
    return stdout.trim();
  }

  async function give(command: string, xml: string, ...args: readonly string[]): Promise<void> {
    const file = join(folder, 'given.xml');
    await writeFile(file, xml);
    await virsh(command, ...args, file);
  }

  function address(kind: string, key: string): vscode.Uri {
    return at(qemu, kind, key);
  }

  function at(host: string, kind: string, key: string): vscode.Uri {
    const authority = aliasOf({ name: 'any', uri: host });
    return vscode.Uri.from({ scheme: 'libvirt', authority, path: `/${kind}/it.xml`, query: key });
  }

  async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
  }

  async function change(document: vscode.TextDocument, old: string, text: string): Promise<void> {
    const at = document.getText().indexOf(old);
    assert.notEqual(at, -1, document.getText());
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + old.length));
    edit.replace(document.uri, range, text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  const saved = [
    {
      kind: 'network',
      define: 'net-define',
      xml: `<network><name>n</name><uuid>${UUID}</uuid><ip address='192.168.77.1' netmask='255.255.255.0'/></network>`,
      old: '77.1',
      text: '78.1',
      dump: ['net-dumpxml', '--inactive'],
    },
    {
      kind: 'pool',
      define: 'pool-define',
      xml: `<pool type='dir'><name>p</name><uuid>${UUID}</uuid><target><path>/tmp/none</path></target></pool>`,
      old: '/tmp/none',
      text: '/tmp/other',
      dump: ['pool-dumpxml', '--inactive'],
    },
    {
      kind: 'secret',
      define: 'secret-define',
      xml: `<secret ephemeral='no' private='no'><uuid>${UUID}</uuid><description>old words</description></secret>`,
      old: 'old words',
      text: 'new words',
      dump: ['secret-dumpxml'],
    },
    {
      kind: 'filter',
      define: 'nwfilter-define',
      xml: `<filter name='f'><uuid>${UUID}</uuid><rule action='drop' direction='in'><tcp dstportstart='22'/></rule></filter>`,
      old: "'22'",
      text: "'23'",
      dump: ['nwfilter-dumpxml'],
    },
  ];
  for (const { kind, define, xml, old, text, dump } of saved)
    test(`a ${kind} is saved, and virsh shows it`, async function () {
      // A user's own daemon has none.
      if (kind === 'filter' && process.getuid?.() !== 0) return this.skip();
      await give(define, xml);
      const document = await open(address(kind, UUID));
      await change(document, old, text);
      assert.equal(await document.save(), true);
      assert.equal(document.isDirty, false);
      assert.ok((await virsh(...dump, UUID)).includes(text));
    });

  test('an interface of the host is shown', async () => {
    const document = await open(at(testDriver, 'interface', 'eth1'));
    assert.match(document.getText(), /<interface type=.*name='eth1'/u);
  });

  test('another name in the text is refused, and the text stays', async () => {
    const before = await virsh('dumpxml', '--inactive', 'tiny-os');
    const document = await open(address('domain', await virsh('domuuid', 'tiny-os')));
    await change(document, '<name>tiny-os<', '<name>other<');
    assert.equal(await document.save(), false);
    assert.equal(document.isDirty, true);
    assert.match(document.getText(), /<name>other</u);
    const [first] = vscode.languages.getDiagnostics(document.uri);
    assert.match(first?.message ?? '', /^The name is other, but .*tiny-os/u);
    assert.equal(await virsh('dumpxml', '--inactive', 'tiny-os'), before);
  });

  test('a node device is read-only', async () => {
    const [name = ''] = (await virsh('nodedev-list')).split('\n');
    const stat = await vscode.workspace.fs.stat(address('nodedev', name.trim()));
    assert.equal(stat.permissions, vscode.FilePermission.Readonly);
  });
});
