import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { setInYaml } from '../../../../../src/engines/environment/file/edit.ts';

const guest = { image: 'debian-13', cpus: 2, disk: [{ size: '1 GiB' }] };
const lines = '  new:\n    image: debian-13\n    cpus: 2\n    disk:\n      - size: 1 GiB\n';

suite('A change to a kvm.yaml', () => {
  test('adds a guest after the others, and leaves what was typed as it is', () => {
    const text = `# mine\nname:   shop\nguests:\n  web:\n    networks: [lan]   # this one\n    cloud-init: {user: dev}\n    # ports: ['8080:80']\n# the end\n`;
    const edited = setInYaml(text, ['guests', 'new'], guest);
    assert.equal(edited, text.replace('# the end\n', `${lines}# the end\n`));
  });

  test('adds a guest before what comes after the guests', () => {
    const text = `guests:\n  web:\n    image: x\n\nnetworks:\n  lan: {}\n`;
    assert.equal(setInYaml(text, ['guests', 'new'], guest), text.replace('\n\n', `\n${lines}\n`));
  });

  test('adds after a text of several lines, and where the last line is not ended', () => {
    const script = `guests:\n  web:\n    provision:\n      - run: |\n          one\n          two\n`;
    assert.equal(setInYaml(script, ['guests', 'new'], guest), script + lines);
    const open = `guests:\n  web:\n    image: x`;
    assert.equal(setInYaml(open, ['guests', 'new'], guest), `${open}\n${lines}`);
  });

  test('keeps the line ends of the file', () => {
    const text = `guests:\r\n  web:\r\n    image: x\r\n`;
    assert.equal(setInYaml(text, ['guests', 'new'], guest), text + lines.replaceAll('\n', '\r\n'));
  });

  test('adds a key to a guest, and replaces one, where it is', () => {
    const text = `guests:\n  web:\n    image: x # why\n    accel:   kvm # fast\n  flow: { image: y }\n`;
    assert.equal(setInYaml(text, ['guests', 'web', 'accel'], 'tcg'), text.replace('kvm #', 'tcg #'));
    assert.equal(
      setInYaml(text, ['guests', 'web', 'networks'], ['user']),
      text.replace('# fast\n', '# fast\n    networks:\n      - user\n'),
    );
    assert.equal(
      setInYaml(text, ['guests', 'flow', 'accel'], 'tcg'),
      text.replace('image: y }', 'image: y, accel: tcg }'),
    );
    const list = `guests:\n  web:\n    networks:\n      - lan\n      - wan\n    image: x\n`;
    assert.deepEqual(parse(setInYaml(list, ['guests', 'web', 'networks'], ['user'])), {
      guests: { web: { networks: ['user'], image: 'x' } },
    });
  });

  test('begins a file that is empty, or declares no guest yet', () => {
    for (const text of ['', 'guests: {}\n', 'guests:\n', '# nothing yet\n', 'name: shop\n']) {
      const edited = setInYaml(text, ['guests', 'new'], guest);
      assert.deepEqual((parse(edited) as { guests: unknown }).guests, { new: guest }, text);
      assert.ok(edited.includes('\n  new:\n') || edited.includes('guests:\n  new:\n'), edited);
      assert.ok(edited.includes(text.replace(/guests:.*\n/u, '')), edited);
    }
  });

  test('is refused where the file is no YAML, which would lose what is in it', () => {
    assert.throws(() => setInYaml('guests: {\n', ['guests', 'new'], guest), /not valid YAML in line 2: /u);
  });
});
