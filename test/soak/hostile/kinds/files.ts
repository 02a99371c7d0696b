import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { setInYaml } from '../../../../src/engines/environment/file/edit.ts';
import { loadEnvironment } from '../../../../src/engines/environment/file/load.ts';
import { seedFiles } from '../../../../src/engines/environment/access/seed.ts';
import { SshKeys } from '../../../../src/engines/environment/access/ssh-keys.ts';
import { sshArguments, sshOptions } from '../../../../src/engines/environment/access/ssh-run.ts';
import { inQuotes, line, LineError, oneLine, oneWord } from '../../../../src/model/text/line.ts';
import { viewerFile } from '../../../../src/workbench/console/display/viewer-file.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Kind, kindOf } from '../kind.ts';
import { assertOneLine, damaged, hostileText } from '../text.ts';

const KVM_YAML = `name: demo
networks:
  lab: { mode: isolated, subnet: 192.168.150.0/24 }
guests:
  web: &web
    image: debian-12
    cpus: 2
    memory: 2 GiB
    disk: [20 GiB, { size: 1 GiB, bus: sata }]
    networks: [lab, { network: lab, mac: '52:54:00:00:00:01' }, user]
    ports: ['8080:80', '127.0.0.1:2222:22/tcp']
    mounts: [{ source: ., target: /src }]
    cloud-init: { user: me, packages: [git], runcmd: [[echo, x], 'echo y'] }
    provision: [{ run: 'echo hello' }]
    env: { A: b }
    depends-on: [kernel]
    xml: |
      <domain><features><acpi/></features></domain>
  kernel: { kernel: ./bzImage, cmdline: quiet, accel: tcg, host: lab }
  other: *web
`;

/** None of its files is there: what a file says is not looked at before somebody trusts it. */
const surroundings = { exists: async () => undefined, images: ['debian-12'] };

async function lookAtYaml(text: string, random: Random): Promise<void> {
  const { environment, problems } = await loadEnvironment(text, '/nowhere/kvm.yaml', surroundings);
  for (const { start, end, message } of problems) {
    assert.ok(start >= 0 && start <= end && start <= text.length + 1, 'a problem is in the text');
    assert.ok(message !== '');
  }
  for (const guest of environment?.guests ?? []) assert.ok(Number.isFinite(guest.memoryKiB));
  const value = random.pick<unknown>([hostileText(random, 3), 1, ['a', hostileText(random, 2)]]);
  const path = ['guests', random.chance(0.7) ? 'web' : hostileText(random, 2), 'memory'];
  let edited: string;
  try {
    edited = setInYaml(text, path, value);
  } catch (error) {
    assert.ok(
      error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
      String(error),
    );
    return;
  }
  parse(edited, { logLevel: 'silent', maxAliasCount: 1000 });
}

/** Values for files that are read line by line. */
function values(random: Random): string {
  return JSON.stringify(Array.from({ length: 6 }, () => hostileText(random, 3)));
}

/** Takes a value as it is, or says that it cannot. */
function unlessRefused(write: () => string | readonly string[], look: (text: string) => void): void {
  let written;
  try {
    written = write();
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return;
  }
  for (const text of typeof written === 'string' ? [written] : written) look(text);
}

const NOT_LINES = /[\n\r\u0085\u2028\u2029]/u;

function assertLineEnd(text: string): void {
  assert.ok(text.endsWith('\n') && !NOT_LINES.test(text.slice(0, -1)), JSON.stringify(text));
}

async function lookAtLines(text: string): Promise<void> {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = JSON.parse(text) as string[];
  const keys = new SshKeys(`/keys/${a}`);
  const target = { address: b, port: 22, user: c, alias: d, knownKey: true };
  unlessRefused(() => line`Host ${a} ${b}`, assertLineEnd);
  for (const write of [oneLine, oneWord, inQuotes])
    unlessRefused(
      () => write(a),
      (value) => assert.doesNotMatch(value, NOT_LINES),
    );
  unlessRefused(
    () => Object.values(sshOptions(keys, target)),
    (value) => assertOneLine(value, 'an option of ssh'),
  );
  unlessRefused(
    () => sshArguments(keys, target),
    (value) => assertOneLine(value, 'an argument of ssh'),
  );
  unlessRefused(
    () => viewerFile({ address: a, port: 5900, tlsPort: undefined, socket: undefined, password: b }, c),
    (file) => {
      const names = file
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((each) => each.split('=')[0] ?? '');
      assert.deepEqual(
        names,
        ['type', 'host', 'port', 'password', 'title', 'delete-this-file'].filter((name) =>
          names.includes(name),
        ),
      );
    },
  );
  await lookAtSeed([a, b, c, d, e, f]);
}

async function lookAtSeed([
  user = '',
  hostname = '',
  key = '',
  word = '',
  target = '',
  pack = '',
]: readonly string[]): Promise<void> {
  const cloudInit = {
    user,
    hostname,
    keys: [key],
    packages: [pack],
    runcmd: [word, [word]],
    userDataFile: undefined,
    networkConfigFile: undefined,
  };
  const hostKey = { privateKey: 'private\n', publicKey: 'public' };
  const mounts = [
    { mount: { source: '/s', target, readonly: false, driver: undefined }, tag: 't', driver: '9p' as const },
  ];
  try {
    const files = await seedFiles({ cloudInit, instanceId: 'i', authorizedKey: 'k', hostKey, mounts });
    const data = parse(files.get('user-data') ?? '') as {
      readonly users: readonly { readonly name: string; readonly ssh_authorized_keys: readonly string[] }[];
      readonly runcmd: readonly unknown[];
    };
    assert.equal(data.users[0]?.name, user);
    assert.deepEqual(data.runcmd, cloudInit.runcmd);
    for (const each of data.users[0]?.ssh_authorized_keys ?? []) assertOneLine(each, 'a key');
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
  }
}

export const files: readonly Kind[] = [
  kindOf('kvm.yaml', 8000, (random) => damaged(KVM_YAML, random), lookAtYaml),
  kindOf('files of lines', 6000, values, lookAtLines),
];
