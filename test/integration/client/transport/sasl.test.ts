import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { inspect } from 'node:util';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import type { Ask, Question } from '../../../../src/client/transport/ask.ts';
import { TransportError } from '../../../../src/client/transport/error.ts';
import { freePort } from '../../../support/free-port.ts';
import { CertificateAuthority } from '../../../support/pki.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { SaslUsers } from '../../../support/sasl.ts';
import { refuses, using } from '../../support/attempt.ts';

const ALL = 'scram-sha-512 scram-sha-256 scram-sha-1 plain';
const SECRET = 'open, =sesame';

/** Somebody who gives one answer after the other, and what they were asked. */
class Person {
  readonly questions: Question[] = [];
  readonly #answers: (string | undefined)[];

  constructor(...answers: (string | undefined)[]) {
    this.#answers = answers;
  }

  readonly ask: Ask = (question) => {
    this.questions.push(question);
    return Promise.resolve(this.#answers.shift());
  };
}

suite('SASL', () => {
  let folder: string;
  let users: SaslUsers;
  let daemon: PrivateDaemon;
  let tlsPort: number;
  let tcpPort: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-sasl-pki-'));
    await chmod(folder, 0o755);
    const authority = await CertificateAuthority.create(folder);
    await authority.issue(folder, 'server', { prefix: 'server', altNames: 'IP:127.0.0.1' });
    await authority.issue(folder, 'client', { prefix: 'client' });
    users = await SaslUsers.create(ALL);
    await users.add('fred', SECRET);
    await users.add('ama', 'ª\u{AD}x');
    await users.add('o=b,c', 'pw');
    [tlsPort, tcpPort] = [await freePort(), await freePort()];
    daemon = await startPrivateDaemon({
      listen: true,
      settings: {
        listen_tls: 1,
        listen_tcp: 1,
        listen_addr: '127.0.0.1',
        tls_port: String(tlsPort),
        tcp_port: String(tcpPort),
        auth_tls: 'sasl',
        auth_tcp: 'sasl',
        auth_unix_rw: 'sasl',
        ca_file: authority.certificate,
        cert_file: join(folder, 'servercert.pem'),
        key_file: join(folder, 'serverkey.pem'),
      },
      env: { SASL_CONF_PATH: users.folder },
    });
  });
  after(async () => {
    await daemon.dispose();
    await users[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  function tlsUri(extras = '', user = ''): string {
    return `test://${user}127.0.0.1:${tlsPort}/default?pkipath=${folder}${extras}`;
  }

  /** Runs something while the daemon offers other mechanisms. */
  async function offering(mechanisms: string, work: () => Promise<void>): Promise<void> {
    await users.offer(mechanisms);
    await daemon.restart();
    try {
      await work();
    } finally {
      await users.offer(ALL);
      await daemon.restart();
    }
  }

  async function authFile(text: string): Promise<string> {
    const path = join(folder, 'auth.conf');
    await writeFile(path, text, { mode: 0o600 });
    return `&authfile=${path}`;
  }

  test('asks for a name and a password, on the local socket and under TLS', async () => {
    const local = new Person('fred', SECRET);
    await using(daemon.testUri, (connection) => connection.hostname(), { ask: local.ask });
    assert.deepEqual(local.questions, [
      { kind: 'text', host: 'localhost', prompt: 'User name for libvirt', key: 'sasl-user:localhost' },
      {
        kind: 'secret',
        host: 'localhost',
        prompt: 'Password of fred for libvirt',
        key: 'sasl-password:fred@localhost',
      },
    ]);
    const remote = new Person('fred', SECRET);
    await using(tlsUri(), (connection) => connection.hostname(), { ask: remote.ask });
    assert.deepEqual(
      remote.questions.map(({ key }) => key),
      [`sasl-user:127.0.0.1:${tlsPort}`, `sasl-password:fred@127.0.0.1:${tlsPort}`],
    );
  });

  for (const mechanism of ALL.split(' ')) {
    test(`knows ${mechanism}`, () =>
      using(`${daemon.testUri}&auth=sasl.${mechanism}`, (connection) => connection.hostname(), {
        ask: new Person('fred', SECRET).ask,
      }));
  }

  test('sends names and passwords as they were typed', async () => {
    for (const mechanism of ['scram-sha-256', 'plain']) {
      const uri = `${daemon.testUri}&auth=sasl.${mechanism}`;
      await using(uri, (connection) => connection.hostname(), { ask: new Person('ama', 'ª\u{AD}x').ask });
      await using(uri, (connection) => connection.hostname(), { ask: new Person('o=b,c', 'pw').ask });
    }
  });

  test('asks again when the answer was wrong, saying so', async () => {
    const person = new Person('fred', 'wrong', 'fred', SECRET);
    await using(daemon.testUri, (connection) => connection.hostname(), { ask: person.ask });
    assert.deepEqual(
      person.questions.map(({ kind, retry }) => [kind, retry ?? false]),
      [
        ['text', false],
        ['secret', false],
        ['text', true],
        ['secret', true],
      ],
    );
  });

  test('gives up after the third wrong answer, and never shows any', async () => {
    const person = new Person('fred', 'hush-1', 'fred', 'hush-2', 'nobody', 'hush-3', 'fred', SECRET);
    await assert.rejects(connect(tlsUri(), AbortSignal.timeout(5_000), { ask: person.ask }), (error) => {
      assert.ok(error instanceof TransportError);
      assert.equal(error.code, 'authentication');
      assert.match(error.message, /127.0.0.1 did not accept/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /hush/);
      return true;
    });
    assert.equal(person.questions.length, 6);
  });

  test('takes no for an answer', async () => {
    const failure = { code: 'authentication', message: /none was given/, hint: /auth\.conf/ } as const;
    await refuses(daemon.testUri, failure, { ask: new Person('fred', undefined).ask });
    await refuses(daemon.testUri, failure);
  });

  test('stops asking when somebody gives up', async () => {
    const abort = new AbortController();
    const reason = new Error('never mind');
    const ask: Ask = () => {
      abort.abort(reason);
      return Promise.resolve('fred');
    };
    await assert.rejects(connect(daemon.testUri, abort.signal, { ask }), reason);
  });

  test('takes the name from the URI', async () => {
    const person = new Person(SECRET);
    await using(tlsUri('', 'fred@'), (connection) => connection.hostname(), { ask: person.ask });
    assert.equal(person.questions[0]?.kind, 'secret');
  });

  test("asks nothing where libvirt's auth.conf knows it", async () => {
    const extras = await authFile(
      `# ours\n[credentials-own]\nauthname=fred\npassword=${SECRET}\n\n[auth-libvirt-127.0.0.1]\ncredentials=own\n`,
    );
    const person = new Person();
    await using(tlsUri(extras), (connection) => connection.hostname(), { ask: person.ask });
    assert.deepEqual(person.questions, []);
  });

  test('does not ask either when auth.conf is wrong: it has to be corrected', async () => {
    const extras = await authFile(
      '[credentials-own]\nauthname=fred\npassword=hush\n[auth-libvirt-default]\ncredentials=own\n',
    );
    const person = new Person('fred', SECRET);
    await refuses(
      tlsUri(extras),
      { code: 'authentication', message: /did not accept/, hint: /auth\.conf/ },
      { ask: person.ask },
    );
    assert.deepEqual(person.questions, []);
    await refuses(tlsUri('&authfile=/no/such/file'), { code: 'configuration', message: /\/no\/such\/file/ });
  });

  test('over plain tcp is one clear error: nothing would be encrypted', async () => {
    const person = new Person('fred', SECRET);
    await refuses(
      `test+tcp://127.0.0.1:${tcpPort}/default`,
      { code: 'unsupported', message: /plain tcp/, hint: /qemu\+tls/ },
      { ask: person.ask },
    );
    assert.deepEqual(person.questions, []);
  });

  test('offers nothing that is known: what it offers', () =>
    offering('login digest-md5', async () => {
      const person = new Person('fred', SECRET);
      await refuses(
        daemon.testUri,
        { code: 'authentication', message: /offers only (LOGIN,DIGEST-MD5|DIGEST-MD5,LOGIN)/, hint: /scram/ },
        { ask: person.ask },
      );
      assert.deepEqual(person.questions, []);
    }));

  test('offers nothing at all: how to set it up', () =>
    offering('nonsense', () =>
      refuses(daemon.testUri, { code: 'authentication', message: /offers no mechanism/, hint: /mech_list/ }),
    ));

  test('hands a password over only to somebody who was checked', () =>
    offering('plain', async () => {
      const { ask } = new Person('fred', SECRET, 'fred', SECRET);
      await using(tlsUri(), (connection) => connection.hostname(), { ask });
      await using(daemon.testUri, (connection) => connection.hostname(), { ask });
      const person = new Person('fred', SECRET);
      await refuses(
        tlsUri('&no_verify=1'),
        { code: 'authentication', message: /offers only PLAIN/, hint: /no_verify/ },
        { ask: person.ask },
      );
      assert.deepEqual(person.questions, []);
    }));

  test('prefers the strongest, whatever comes first', () =>
    offering('plain scram-sha-1 scram-sha-256', () =>
      // With PLAIN it would be refused.
      using(tlsUri('&no_verify=1'), async (connection) => assert.equal(await connection.type(), 'TEST'), {
        ask: new Person('fred', SECRET).ask,
      }),
    ));

  test('can be asked for in the URI, and only what the daemon has', async () => {
    const { ask } = new Person('fred', SECRET);
    await using(`${daemon.testUri}&auth=sasl`, (connection) => connection.hostname(), { ask });
    await refuses(`${daemon.testUri}&auth=sasl.gssapi`, {
      code: 'authentication',
      message: /asks for gssapi/,
    });
    await refuses(`${daemon.testUri}&auth=polkit`, { code: 'authentication', message: /auth=polkit/ });
    await refuses(`${daemon.testUri}&auth=password`, { code: 'bad-uri', message: /auth=password/ });
  });
});
