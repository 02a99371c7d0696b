import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { packet } from '../../../../src/engines/gdb/stub/packet.ts';
import { DapClient } from '../../../support/dap-client.ts';
import { HostileStub, MEMORY } from './hostile-stub.ts';

/** File-I/O's own flags: write only, and create. */
const WRITE_NEW = (0x1 | 0x200).toString(16);
const EVIL = 'written by the guest';
const DESCRIPTOR = '5';

/** Lets whoever is asked run the guest, or step it. */
const RUNS = /^(?:c|vCont;c)/;
const STOPPED = packet('S05');

interface Session extends AsyncDisposable {
  readonly stub: HostileStub;
  readonly debug: DapClient;
  /** What the debug console says. */
  said(): string;
  /** Attached, and as far as it comes: the guest stopped, or the session is over. */
  run(): Promise<void>;
}

async function debugging(stub: HostileStub): Promise<Session> {
  const debug = new DapClient({
    request: 'attach',
    gdb: 'gdb',
    preConnectCommands: ['set confirm off', 'set tcp connect-timeout 20', 'set remotetimeout 5'],
    kvm: {
      stub: { port: stub.port },
      narrow: false,
      stay: false,
      reversible: false,
      gdbVersion: '',
      sources: [],
      modules: false,
    },
  });
  return {
    stub,
    debug,
    said: () => debug.output.join(''),
    run: async () => {
      await debug.attach();
      await Promise.race([debug.event('stopped'), debug.event('terminated')]);
    },
    [Symbol.asyncDispose]: async () => {
      await debug[Symbol.asyncDispose]();
      await stub[Symbol.asyncDispose]();
    },
  };
}

/** A description of an i386 that gdb believes. */
function described(inside: string): string {
  const registers = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', 'eip', 'eflags']
    .concat(['cs', 'ss', 'ds', 'es', 'fs', 'gs'])
    .map((name) => `<reg name="${name}" bitsize="32"/>`);
  const floats = Array.from({ length: 8 }, (_, index) => `<reg name="st${index}" bitsize="80"/>`);
  const control = ['fctrl', 'fstat', 'ftag', 'fiseg', 'fioff', 'foseg', 'fooff', 'fop'];
  const rest = control.map((name) => `<reg name="${name}" bitsize="32"/>`);
  return `${inside}<feature name="org.gnu.gdb.i386.core">${[...registers, ...floats, ...rest].join('')}</feature>`;
}

/** A stub whose descriptions are those. */
function describing(file: (name: string, offset: number) => string): Promise<HostileStub> {
  return HostileStub.open((request) => {
    if (request.startsWith('qSupported')) return packet('PacketSize=1000;qXfer:features:read+');
    const wanted = /^qXfer:features:read:([^:]*):([0-9a-f]+),/.exec(request);
    if (wanted !== null) return packet(file(wanted[1] ?? '', Number.parseInt(wanted[2] ?? '', 16)));
    return RUNS.test(request) ? STOPPED : undefined;
  });
}

suite('A host that attacks whoever debugs a guest on it', () => {
  /** A stub that has a file written when the guest is let run, and stops then. */
  async function writer(path: string, wrap: (request: string) => string): Promise<HostileStub> {
    const text = `${path}\0`;
    const at = (offset: number) => (MEMORY + offset).toString(16);
    const steps = [
      `Fopen,${at(0)}/${text.length.toString(16)},${WRITE_NEW},1b4`,
      `Fwrite,${DESCRIPTOR},${at(text.length)},${EVIL.length.toString(16)}`,
      `Fclose,${DESCRIPTOR}`,
    ];
    return HostileStub.open((request) => {
      if (RUNS.test(request)) return wrap(steps[0] ?? '');
      if (!request.startsWith('F')) return undefined;
      steps.shift();
      return steps[0] === undefined ? STOPPED : wrap(steps[0]);
    }, text + EVIL);
  }

  const wraps: Readonly<Record<string, (request: string) => string>> = {
    'as gdb expects it': packet,
    'behind the beginning of another packet': (request) => `$xy$${packet(request)}`,
    // What is thrown away has the sum 0, so that the sum of the whole is right for its end as well.
    'within another packet': (request) => packet(`\xb8$$${request}`),
    'behind a notification': (request) => `%Stop:S05#00${packet(request)}`,
    'behind an answer of the console': (request) => packet('O0a') + packet(request),
  };
  for (const [how, wrap] of Object.entries(wraps))
    test(`has gdb write no file here, asked ${how}, and that is told once`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-hostile-'));
      try {
        await using session = await debugging(await writer(join(folder, 'evil'), wrap));
        await session.run();
        assert.deepEqual(await readdir(folder), []);
        assert.equal(session.said().match(/asked gdb to work with files of this machine/g)?.length, 1);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

  test('has gdb take no program, library or trace point from it', async () => {
    await using session = await debugging(
      await HostileStub.open((request) => {
        if (request.startsWith('qSupported'))
          return packet(
            'PacketSize=1000;qXfer:exec-file:read+;qXfer:libraries-svr4:read+;qXfer:libraries:read+;qXfer:memory-map:read+;qXfer:auxv:read+;QNonStop+;QStartNoAckMode+;tracenz+',
          );
        if (request.startsWith('qXfer:exec-file')) return packet('l/etc/hostname');
        if (request.startsWith('qTStatus')) return packet('T1');
        return RUNS.test(request) ? STOPPED : undefined;
      }),
    );
    await session.run();
    const strange = session.stub.asked.filter((request) => /^(?:vFile|qXfer|qT|QT|qSymbol)/.test(request));
    assert.deepEqual(strange, []);
  });

  test('says nothing in the console that is obeyed', async () => {
    const hex = (text: string) => Buffer.from(text).toString('hex');
    await using session = await debugging(
      await HostileStub.open((request) =>
        RUNS.test(request)
          ? packet(`O${hex('\u001b[31mred\u001b[0m \u001b]52;c;aGk')}`) +
            packet(`O${hex('=\u0007\u001b]8;;command:x\u0007link\u001b]8;;\u0007 ü\u001b[2Jend\n')}`) +
            STOPPED
          : undefined,
      ),
    );
    await session.run();
    assert.match(session.said(), /red.* link üend/);
    assert.doesNotMatch(session.said(), /aGk|command:|\[2J/);
  });

  const bombs: Readonly<Record<string, (name: string, offset: number) => string>> = {
    'that never ends': () => `m${'<!-- -->'.repeat(400)}`,
    'with entities that multiply': (_, offset) =>
      offset > 0
        ? 'l'
        : `l<!DOCTYPE target [<!ENT}\u0069TY a "a">]><target></target>`.replace('}i', '}\u0069'),
    'in UTF-16': () => `l${Buffer.from('<target></target>', 'utf16le').toString('latin1')}`,
    'that is short, and long once it is read': () => `l<target>${`x*~`.repeat(1000)}</target>`,
    'whose files name each other again and again': (name, offset) => {
      const depth = Number(/\d+/.exec(name)?.[0] ?? 0);
      const again = depth < 12 ? `<xi:include href="f${depth + 1}.xml"/>`.repeat(50) : '';
      const text = `<target xmlns:xi="http://www.w3.org/2001/XInclude">${again}</target>`;
      return `l${text.slice(offset)}`;
    },
  };
  test('is not heard when gdb asked nothing, so that an answer cannot wait for its question', async () => {
    let first = true;
    await using session = await debugging(
      await HostileStub.open((request) => {
        if (request.startsWith('qSupported'))
          return packet('PacketSize=1000;qXfer:features:read+') + packet('l<target><evil/></target>');
        if (request.startsWith('qXfer:features') && first) {
          first = false;
          return packet(`l${described('<target>')}</target>`);
        }
        return RUNS.test(request) ? STOPPED : undefined;
      }),
    );
    await session.run();
    assert.equal(session.stub.asked.filter((request) => request.startsWith('qXfer:')).length, 1);
  });

  for (const [how, file] of Object.entries(bombs))
    test(`is hung up on for a description of its registers ${how}`, async () => {
      await using session = await debugging(await describing(file));
      await assert.rejects(session.run());
      assert.match(session.said(), /describes its registers as no stub of QEMU’s does/);
    });

  test('is hung up on for an answer that never ends', async () => {
    await using session = await debugging(
      await HostileStub.open((request) => (request === 'g' ? `$${'0'.repeat(600 * 1024)}` : undefined)),
    );
    await assert.rejects(session.run());
    assert.match(session.said(), /sent more than any stub of QEMU’s does/);
  });

  test('may describe its registers as QEMU does', async () => {
    const files: Readonly<Record<string, string>> = {
      'target.xml':
        '<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target><architecture>i386</architecture><xi:include href="i386.xml"/></target>',
      'i386.xml': described('<?xml version="1.0"?><!-- as it is -->'),
    };
    await using session = await debugging(
      await describing((name, offset) => `l${(files[name] ?? '').slice(offset)}`),
    );
    await session.run();
    assert.doesNotMatch(session.said(), /no stub of QEMU/);
    assert.ok(session.stub.asked.some((request) => request.includes('i386.xml')));
  });
});
