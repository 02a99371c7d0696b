import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { after, before, suite, test } from 'node:test';
import { type Notice, SerialSession } from '../../../../src/workbench/console/serial/session.ts';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import { type Connector, Host } from '../../../../src/model/inventory/host.ts';
import { startDomain } from '../../../../src/model/operations/domain/start.ts';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { OpenConsole } from '../../../../src/client/libvirt/domain/streams.ts';
import { Transports } from '../../../../src/client/transport/open.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { Transcript } from '../../../support/transcript.ts';
import { type SshServer, startSshServer } from '../../support/ssh-server.ts';

/** Somebody at a console, who answers whether they take it over. */
class Person {
  readonly notices: Notice[] = [];
  readonly screen = new PassThrough();
  readonly transcript = new Transcript(this.screen);
  takesOver = false;
  asked = 0;
  readonly #waiting = new Set<() => void>();

  output(bytes: Uint8Array): void {
    this.screen.write(bytes);
  }

  notice(notice: Notice): void {
    this.notices.push(notice);
    for (const look of this.#waiting) look();
  }

  mayTakeOver(): Promise<boolean> {
    this.asked++;
    return Promise.resolve(this.takesOver);
  }

  /** Waits for a notice that comes after those which were waited for before. */
  async reads(kind: Notice['kind']): Promise<Notice> {
    const { promise, resolve, reject } = Promise.withResolvers<Notice>();
    const look = () => {
      const index = this.notices.findIndex((notice) => notice.kind === kind);
      const [found] = index === -1 ? [] : this.notices.splice(0, index + 1).slice(-1);
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(
      () => reject(new Error(`No “${kind}”: ${JSON.stringify(this.notices)}`)),
      20_000,
    );
    this.#waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }
}

suite('The console of a guest on an ssh host', { skip: await whyNoLinux() }, () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let transports: Transports;
  let host: Host;
  let target: DomainTarget;
  let session: SerialSession;
  const person = new Person();

  before(async () => {
    daemon = await startPrivateDaemon();
    ssh = await startSshServer();
    transports = new Transports();
    const connector: Connector = (uri, signal) => connect(uri, signal, { transports });
    await daemon.define(linuxGuestXml({ name: 'linux' }, await linuxKernelFor(daemon)));
    const uri = ssh.uri({ socket: daemon.socket });
    host = new Host({ name: 'far', uri, origin: 'configured' }, connector);
    await host.connect();
    const uuid = await daemon.virsh('domuuid', 'linux');
    target = new DomainTarget(host, uuid);
    session = new SerialSession({ target, port: { kind: 'serial', index: 0 }, connector }, person);
  });
  after(async () => {
    session?.dispose();
    host?.disconnect();
    await transports?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  function type(text: string): void {
    session.write(Buffer.from(text));
  }

  test('waits for the guest, and is attached before its first instruction', async () => {
    await session.start();
    assert.deepEqual(await person.reads('waiting'), { kind: 'waiting', ran: false, reason: '' });
    await startDomain(target, {});
    assert.deepEqual(await person.reads('attached'), { kind: 'attached', again: false });
    await person.transcript.expect(/login: /u);
  });

  test('carries large pastes in and output out without losing a byte', async () => {
    type(`${LINUX_LOGIN.user}\r`);
    await person.transcript.expect(/Password: /u);
    type(`${LINUX_LOGIN.password}\r`);
    await person.transcript.expect(/# /u);
    const lines = Array.from({ length: 500 }, (_, line) => `${line} ${'äöü漢字🦊'.repeat(3)}`);
    const pasted = `${lines.join('\n')}\n`;
    type('stty -echo; echo ready; head -n 500 | sha256sum; stty echo\r');
    await person.transcript.expect(/^ready/mu);
    type(pasted);
    const hash = createHash('sha256').update(pasted).digest('hex');
    await person.transcript.expect(new RegExp(hash, 'u'));
    type('seq 1 5000; echo done\r');
    const shown = await person.transcript.expect(/\r\n1\r\n[^]*?done/u);
    const expected = Array.from({ length: 5000 }, (_, index) => `${index + 1}\r\n`).join('');
    assert.ok(shown.includes(expected), 'all numbers, in order');
  });

  test('sends a break, after which the kernel takes a key as SysRq', async () => {
    await session.sendBreak();
    type('h');
    await person.transcript.expect(/sysrq: HELP : /u);
  });

  test('survives a reboot', async () => {
    type('reboot -f\r');
    await person.transcript.expect(/restarting system/iu);
    await person.transcript.expect(/login: /u);
    assert.ok(session.attached);
  });

  test('is taken over by others and taken back only when its person says so', async () => {
    await using stack = new AsyncDisposableStack();
    const rival = await connect(daemon.uri, AbortSignal.timeout(20_000));
    stack.defer(() => rival.close());
    const ref = await rival.domains.lookupByUuid(target.uuid);
    const theirs = await rival.domainStreams.openConsole(ref, undefined, OpenConsole.FORCE);
    theirs.on('error', () => undefined).resume();
    await person.reads('taken-over');
    session.retry();
    await person.reads('declined');
    assert.equal(person.asked, 1);
    person.takesOver = true;
    const gone = new Promise((resolve) => theirs.once('close', resolve));
    session.retry();
    await person.reads('attached');
    await gone;
    assert.equal(person.asked, 2);
  });

  test('says what became of the guest and is there for its next start', async () => {
    await daemon.virsh('destroy', 'linux');
    assert.deepEqual(await person.reads('waiting'), { kind: 'waiting', ran: true, reason: 'forced-off' });
    await daemon.virsh('start', 'linux');
    assert.deepEqual(await person.reads('attached'), { kind: 'attached', again: true });
  });

  test('comes back after its daemon was restarted', async () => {
    await daemon.restart();
    await person.reads('unreachable');
    await person.reads('attached');
    await daemon.virsh('destroy', 'linux');
    await person.reads('waiting');
  });

  test('took one authentication', () => {
    assert.equal(ssh.authentications(), 1);
  });
});
