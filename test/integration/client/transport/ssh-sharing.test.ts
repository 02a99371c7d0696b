import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import type { Ask, Question } from '../../../../src/client/transport/ask.ts';
import { AskpassServer } from '../../../../src/client/transport/askpass.ts';
import { Transports } from '../../../../src/client/transport/open.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { childrenOf } from '../../support/processes.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';

const PASSPHRASE = 'correct horse';
const patience = () => AbortSignal.timeout(20_000);

suite('An ssh host that asks', () => {
  let daemon: PrivateDaemon;
  let server: SshServer;
  let ownChildren: readonly number[];
  let transports: Transports;
  let questions: Question[];
  let ask: Ask;

  before(async () => {
    daemon = await startPrivateDaemon();
    server = await startSshServer();
    await execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', server.key]);
    ownChildren = await childrenOf(process.pid);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });
  afterEach(async () => {
    await transports.dispose();
    assert.deepEqual(await childrenOf(process.pid), ownChildren, 'no ssh is left');
  });

  /** Somebody who answers each question with the next of these answers. */
  function answering(...answers: readonly (string | undefined)[]): void {
    questions = [];
    transports = new Transports();
    ask = (question) => Promise.resolve(answers[questions.push(question) - 1]);
  }

  function uri(extras: Readonly<Record<string, string>> = {}): string {
    return server.uri({ socket: daemon.socket, ...extras });
  }

  test('is asked for its passphrase once, whatever follows: connections, displays, other programs', async () => {
    answering(PASSPHRASE);
    const before = server.authentications();
    const first = await connect(uri(), patience(), { ask, transports });
    const others = await Promise.all([1, 2, 3].map(() => connect(uri(), patience(), { ask, transports })));
    for (const connection of [first, ...others]) assert.equal(await connection.type(), 'QEMU');
    // A display's port, and a socket for a program such as gdb: here both lead to sshd itself, which greets.
    const display = await first.dial({ port: server.port }, patience());
    assert.match(String((await once(display.input, 'data'))[0]), /^SSH-2/u);
    display.close();
    await using local = await first.openLocalSocket({ port: server.port }, assert.ifError);
    const program = connectSocket({ path: local.path });
    assert.match(String((await once(program, 'data'))[0]), /^SSH-2/u);
    program.destroy();
    assert.equal(server.authentications() - before, 1, 'by the log of sshd');
    assert.deepEqual(
      questions.map(({ kind, host, retry }) => ({ kind, host, retry })),
      [{ kind: 'secret', host: '127.0.0.1', retry: false }],
    );
    for (const connection of [first, ...others]) connection.close();
  });

  test('is asked once by those that come at the same time', async () => {
    answering(PASSPHRASE);
    const connections = await Promise.all([1, 2].map(() => connect(uri(), patience(), { ask, transports })));
    assert.equal(questions.length, 1);
    for (const connection of connections) connection.close();
  });

  test('says that an answer was wrong by asking again', async () => {
    answering('wrong', PASSPHRASE);
    const connection = await connect(uri(), patience(), { ask, transports });
    assert.deepEqual(
      questions.map(({ retry }) => retry),
      [false, true],
    );
    connection.close();
  });

  test('shows the fingerprint of a host key that is not known, and remembers a yes', async () => {
    const known = join(await mkdtemp(join(tmpdir(), 'kvm-workbench-known-')), 'hosts');
    answering('yes', PASSPHRASE, PASSPHRASE);
    const connection = await connect(uri({ known_hosts: known }), patience(), { ask, transports });
    assert.equal(questions[0]?.kind, 'confirm');
    assert.match(questions[0].prompt, /SHA256:/);
    connection.close();
    await transports.dispose();

    answering(PASSPHRASE);
    (await connect(uri({ known_hosts: known }), patience(), { ask, transports })).close();
    assert.equal(questions[0]?.kind, 'secret');
    await rm(join(known, '..'), { recursive: true });
  });

  test('is not connected to when the person declines', async () => {
    answering(undefined);
    await assert.rejects(connect(uri(), patience(), { ask, transports }), { code: 'authentication' });
  });

  test('leaves nothing in the file system', async () => {
    // A folder of its own, since other tests come and go in the usual one.
    const folder = await mkdtemp(join(tmpdir(), 'kvm-rt-'));
    const usual = process.env['XDG_RUNTIME_DIR'];
    process.env['XDG_RUNTIME_DIR'] = folder;
    try {
      answering(PASSPHRASE);
      const connection = await connect(uri(), patience(), { ask, transports });
      assert.equal((await readdir(folder)).length, 1);
      connection.close();
      await transports.dispose();
      assert.deepEqual(await readdir(folder), []);
    } finally {
      if (usual === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = usual;
      await rm(folder, { recursive: true });
    }
  });
});

suite('The askpass bridge', () => {
  let folder: string;
  let server: AskpassServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-ask-'));
    server = await AskpassServer.start(folder, '/no/such/program');
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  /** What a process that knows the way to the socket gets for its words. */
  function say(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connectSocket({ path: join(folder, 'ask') });
      let reply = '';
      socket.setEncoding('utf8').on('data', (text: string) => (reply += text));
      socket.once('close', () => resolve(reply));
      socket.once('error', reject);
      socket.write(line);
    });
  }

  test('answers only who has the token of a login that still goes on', async () => {
    const ticket = server.issue('host', () => Promise.resolve('secret'), new AbortController().signal);
    const token = ticket.environment['KVM_ASKPASS_TOKEN'];
    const request = (given: unknown) => `${JSON.stringify({ token: given, prompt: 'password:' })}\n`;
    assert.equal(await say(request(token)), '{"answer":"secret"}');
    assert.equal(await say(request('0'.repeat(64))), '');
    assert.equal(await say(request(undefined)), '');
    ticket.revoke();
    assert.equal(await say(request(token)), '');
  });

  test('hangs up on what is not a question', async () => {
    assert.equal(await say('not json\n'), '');
    assert.equal(await say('x'.repeat(100_000)), '');
  });

  test('keeps its socket and program in a folder that only this user can enter', async () => {
    const { stdout } = await execa('stat', ['-c', '%a', folder, join(folder, 'askpass')]);
    assert.deepEqual(stdout.split('\n'), ['700', '700']);
  });
});
