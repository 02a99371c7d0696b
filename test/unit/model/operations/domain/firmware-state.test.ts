import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { child, parseXml } from '../../../../../src/client/libvirt/xml-object.ts';
import { nvramIn, tpmIn } from '../../../../../src/model/operations/domain/firmware-state.ts';

const domain = (content: string) => child(parseXml(`<domain>${content}</domain>`), 'domain');

suite('What the firmware of a domain remembers', () => {
  test('is in a file that libvirt can delete, or somewhere else', () => {
    const of = (os: string) => nvramIn(domain(`<os${os}</os>`));
    const file = { place: '/n.fd', canDelete: true };
    assert.deepEqual(of('><nvram>/n.fd</nvram>'), file);
    assert.deepEqual(of('><nvram template="/t.fd">/n.fd</nvram>'), file);
    assert.deepEqual(of('><nvram type="file"><source file="/n.fd"/></nvram>'), file);
    assert.deepEqual(of('><nvram type="block"><source dev="/dev/vg/n"/></nvram>'), {
      place: '/dev/vg/n',
      canDelete: false,
    });
    assert.deepEqual(of('><nvram type="network"><source protocol="iscsi" name="iqn/0"/></nvram>'), {
      place: 'iqn/0',
      canDelete: false,
    });
    assert.deepEqual(of('><nvram template="/t.fd"/>'), { place: undefined, canDelete: true });
    assert.deepEqual(of(' firmware="efi">'), { place: undefined, canDelete: true });
    assert.equal(of(' firmware="efi"><loader stateless="yes"/>'), undefined);
    assert.equal(of('>'), undefined);
  });
});

suite('What the TPM of a domain remembers', () => {
  const fate = (libVersion: string, persistent: string, isRunning = false) => {
    const backend = `<backend type="emulator" version="2.0" ${persistent}/>`;
    const xml = domain(`<devices><tpm model="tpm-crb">${backend}</tpm></devices>`);
    return tpmIn(xml, { libVersion, isRunning })?.fate;
  };
  const kept = 'persistent_state="yes"';

  test('is a choice where libvirt has the flags, or can be told by the definition', () => {
    assert.deepEqual(
      [fate('9.0.0', ''), fate('8.9.0', kept), fate('8.8.0', '')],
      ['chosen', 'chosen', 'chosen'],
    );
    assert.equal(fate('10.0.0', ''), 'chosen');
  });

  test('is none where libvirt always does the same', () => {
    assert.deepEqual([fate('8.8.0', kept), fate('6.10.0', '')], ['kept', 'deleted']);
  });

  test('goes when a domain that runs stops, unless its definition says otherwise', () => {
    assert.deepEqual([fate('9.0.0', '', true), fate('9.0.0', kept, true)], ['deleted', 'kept']);
  });

  test('is not libvirt’s where the TPM is another', () => {
    const of = (backend: string) =>
      tpmIn(domain(`<devices><tpm>${backend}</tpm></devices>`), { libVersion: '9.0.0', isRunning: false });
    assert.equal(of('<backend type="passthrough"><device path="/dev/tpm0"/></backend>'), undefined);
    assert.equal(tpmIn(domain(''), { libVersion: '9.0.0', isRunning: false }), undefined);
  });
});
