import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { graphicsOf } from '../../../../../src/workbench/console/display/graphics.ts';
import { displayPage } from '../../../../../src/workbench/console/display/page.ts';
import { RfbGreeting } from '../../../../../src/workbench/console/display/rfb-greeting.ts';
import { logIn } from '../../../../../src/workbench/console/display/rfb-login.ts';
import { keysFor } from '../../../../../src/workbench/console/display/text-keys.ts';
import { viewerFile } from '../../../../../src/workbench/console/display/viewer-file.ts';
import { answerChallenge } from '../../../../../src/workbench/console/display/vnc-password.ts';
import { withVnc } from '../../../../../src/workbench/console/display/vnc-xml.ts';
import { ClipboardGate } from '../../../../../src/webview/display/clipboard.ts';
import { fromDisplay, toDisplay } from '../../../../../src/webview/display/messages.ts';

const patience = () => AbortSignal.timeout(5000);

/** A server that has said all it will say, and what is said to it. */
function server(...said: readonly (string | readonly number[])[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  for (const part of said)
    for (const byte of Buffer.from(part as string, 'latin1')) input.write(Uint8Array.of(byte));
  return { input, output, closed: Promise.resolve(undefined), close: () => input.destroy() };
}

const heard = ({ output }: { output: PassThrough }) => String(output.read() ?? '');

suite('Logging in to a VNC server', () => {
  test('takes one without a password, and leaves the rest to the client', async () => {
    const channel = server('RFB 003.008\n', [2, 2, 1], [0, 0, 0, 0], 'rest');
    await logIn(channel, undefined, patience());
    assert.equal(heard(channel), 'RFB 003.008\n\u0001');
    assert.equal(String(channel.input.read()), 'rest');
  });

  test('answers the challenge of one that wants a password', async () => {
    const challenge = Array.from({ length: 16 }, (_, index) => index);
    const channel = server('RFB 003.008\n', [1, 2], challenge, [0, 0, 0, 0]);
    await logIn(channel, 'secret', patience());
    const answer = answerChallenge(Uint8Array.from(challenge), 'secret').toString('latin1');
    assert.equal(channel.output.read()?.toString('latin1'), `RFB 003.008\n\u0002${answer}`);
  });

  test('uses eight bytes of a password, for each block of the challenge by itself', () => {
    const challenge = Buffer.alloc(16);
    const answer = answerChallenge(challenge, 'password');
    assert.equal(answer.length, 16);
    assert.deepEqual(answer.subarray(0, 8), answer.subarray(8), 'each block by itself');
    assert.notDeepEqual(answer, answerChallenge(challenge, 'passwore'));
    assert.deepEqual(answer, answerChallenge(challenge, 'password and more'), 'eight bytes count');
  });

  for (const [version, sent] of [
    ['003.003', [0, 0, 0, 1]],
    ['003.007', [1, 1]],
    ['003.005', [0, 0, 0, 1]],
  ] as const)
    test(`speaks the version ${version}`, async () => {
      const channel = server(`RFB ${version}\n`, sent);
      await logIn(channel, undefined, patience());
      assert.equal(heard(channel), version === '003.007' ? 'RFB 003.007\n\u0001' : 'RFB 003.003\n');
    });

  const refusals: readonly (readonly [string, string, readonly (string | readonly number[])[], RegExp])[] = [
    ['is no VNC', 'protocol', ['SSH-2.0-OpenSSH'], /does not speak VNC/u],
    ['says no', 'refused', ['RFB 003.008\n', [0], [0, 0, 0, 4], 'full'], /refused: full/u],
    ['wants TLS', 'security', ['RFB 003.008\n', [1, 19]], /TLS or SASL/u],
    ['wants a password that nobody knows', 'password', ['RFB 003.008\n', [1, 2]], /wants a password/u],
    ['gives an endless reason', 'protocol', ['RFB 003.008\n', [0], [255, 255, 255, 255]], /endless/u],
  ];
  for (const [what, code, said, message] of refusals)
    test(`fails with one that ${what}`, async () => {
      await assert.rejects(logIn(server(...said), undefined, patience()), { code, message });
    });

  test('fails with a password that is wrong, in the server’s words', async () => {
    const said = ['RFB 003.008\n', [1, 2], Array<number>(16).fill(7), [0, 0, 0, 1], [0, 0, 0, 3], 'bad'];
    await assert.rejects(logIn(server(...said), 'x', patience()), { code: 'password', message: /bad$/u });
  });

  test('fails with one that hangs up, wherever it does', async () => {
    const whole = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1, 1, 0, 0, 0, 0])]);
    for (let length = 0; length < whole.length; length++) {
      const channel = server([...whole.subarray(0, length)]);
      channel.input.end();
      await assert.rejects(logIn(channel, undefined, patience()), { code: 'protocol', message: /hung up/u });
    }
  });
});

suite('The greeting for a client', () => {
  test('needs no password, however the client cuts its words, and passes on the rest', () => {
    const client = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1]), Buffer.from('init')]);
    for (let cut = 0; cut <= client.length; cut++) {
      const said: number[] = [];
      const greeting = new RfbGreeting((bytes) => said.push(...bytes));
      const rest = [client.subarray(0, cut), client.subarray(cut)].map((part) => greeting.take(part));
      assert.equal(String(Buffer.concat(rest)), 'init');
      assert.equal(String(Buffer.from(said)), 'RFB 003.008\n\u0001\u0001\0\0\0\0');
    }
  });
});

suite('The display of a domain', () => {
  const SOCKET = { kind: 'socket' } as const;
  const of = (graphics: string) => graphicsOf(`<domain><devices>${graphics}</devices></domain>`);

  test('is its VNC, at a port, at a socket or nowhere', () => {
    assert.deepEqual(
      of("<graphics type='spice' port='5901'/><graphics type='vnc' port='5900' passwd='x'/>"),
      {
        kind: 'vnc',
        to: { port: 5900, address: '127.0.0.1' },
        password: 'x',
      },
    );
    assert.deepEqual(of("<graphics type='vnc'><listen type='socket' socket='/run/vnc'/></graphics>"), {
      kind: 'vnc',
      to: { path: '/run/vnc' },
      password: undefined,
    });
    assert.deepEqual(of("<graphics type='vnc'><listen type='none'/></graphics>"), { kind: 'vnc-closed' });
    assert.deepEqual(of("<graphics type='vnc' port='-1' autoport='yes'/>"), { kind: 'vnc-closed' });
  });

  test('is SPICE only where there is no VNC, or none', () => {
    const spice = of("<graphics type='spice' port='5901' listen='::1'/>");
    assert.equal(spice.kind, 'spice');
    assert.deepEqual(of(''), { kind: 'none' });
  });

  test('is added with a graphics card, and for its host only', () => {
    const xml = withVnc(
      '<domain>\n  <devices>\n    <emulator>/q</emulator>\n  </devices>\n</domain>',
      SOCKET,
    );
    assert.match(xml, /<graphics type='vnc' autoport='yes' listen='127\.0\.0\.1'\/>/u);
    assert.match(xml, /<video>\s*<model type='vga'\/>\s*<\/video>/u);
    const withCard = '<domain><devices><video><model type="qxl"/></video></devices></domain>';
    assert.doesNotMatch(withVnc(withCard, SOCKET), /vga/u);
  });

  test('that listens nowhere gets a socket, or a port that asks for a password', () => {
    for (const vnc of ["<graphics type='vnc'><listen type='none'/></graphics>", "<graphics type='vnc'/>"]) {
      const xml = `<domain><devices>${vnc}</devices></domain>`;
      assert.match(withVnc(xml, SOCKET), /'vnc'><listen type='socket'\/><\/graphics>/u);
    }
    const port = { kind: 'port', password: 'a&b' } as const;
    const listens = (vnc: string) =>
      /<graphics.*>/u.exec(withVnc(`<domain><devices>${vnc}</devices></domain>`, port))?.[0];
    assert.equal(
      listens("<graphics type='vnc'><listen type='none'/></graphics>"),
      "<graphics type='vnc' autoport='yes' passwd='a&amp;b'><listen type='address' address='127.0.0.1'/></graphics></devices></domain>",
    );
    assert.equal(
      listens("<graphics type='vnc'/>"),
      "<graphics type='vnc' autoport='yes' listen='127.0.0.1' passwd='a&amp;b'/></devices></domain>",
    );
  });

  test('that is SPICE is described for remote-viewer, each value on a line of its own', () => {
    const way = { address: '0.0.0.0', port: 5901, tlsPort: undefined, socket: undefined, password: 'a\nb=c' };
    const file = viewerFile(way, 'web');
    assert.match(file, /^\[virt-viewer\]\ntype=spice\nhost=127\.0\.0\.1\nport=5901\npassword=a\\nb=c\n/u);
    assert.match(file, /delete-this-file=1\n$/u);
  });
});

suite('The page of a display', () => {
  const page = displayPage('https://x/display.js', 'https://x');

  test('may run its own script only and reach nothing', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/u.exec(page)?.[1] ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'nonce-[A-Za-z0-9+/=]{22,}'; style-src 'nonce-/u);
    assert.doesNotMatch(policy, /unsafe|connect-src|frame-src|\*/u);
    assert.equal([...page.matchAll(/<script/gu)].length, 1);
  });

  test('has a nonce of its own each time', () => {
    assert.notEqual(page, displayPage('https://x/display.js', 'https://x'));
  });

  test('and the extension take no message that is none', () => {
    const nonsense = [
      null,
      'ready',
      {},
      { type: 'data', bytes: 'x' },
      { type: 'data', bytes: new Uint8Array(2_000_000) },
      { type: 'taken', bytes: -1 },
      { type: 'taken', bytes: Number.NaN },
      { type: 'clipboard', text: 'x'.repeat(300_000) },
      { type: 'action', action: 'destroy' },
      { type: 'eval', text: 'x' },
    ];
    for (const message of nonsense) assert.equal(fromDisplay(message), undefined);
    for (const message of [null, {}, { type: 'keys', keys: [{}] }, { type: 'settings', scale: 'huge' }])
      assert.equal(toDisplay(message), undefined);
    assert.deepEqual(fromDisplay({ type: 'failed', why: 'x'.repeat(9000) }), {
      type: 'failed',
      why: 'x'.repeat(500),
    });
  });
});

suite('The clipboard of a guest', () => {
  test('comes through a few times a second however often it is filled, and at last as it is', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const texts: string[] = [];
    const gate = new ClipboardGate((text) => texts.push(text));
    for (let count = 0; count < 1000; count++) {
      gate.offer(`text ${count}`);
      mock.timers.tick(1);
    }
    assert.ok(texts.length <= 5, `${texts.length} times in a second`);
    mock.timers.tick(1000);
    assert.equal(texts.at(-1), 'text 999');
    const before = texts.length;
    mock.timers.tick(10_000);
    assert.equal(texts.length, before, 'once');
    gate.offer('x'.repeat(300_000));
    assert.equal(texts.length, before, 'nothing of that length');
    gate.offer('at once');
    assert.equal(texts.at(-1), 'at once');
  });
});

suite('Typing a text', () => {
  test('presses Shift where an American keyboard needs it', () => {
    const codes = keysFor('aA1!\n ?').map((chord) => chord.map(({ code }) => code).join('+'));
    assert.deepEqual(codes, [
      'KeyA',
      'ShiftLeft+KeyA',
      'Digit1',
      'ShiftLeft+Digit1',
      'Enter',
      'Space',
      'ShiftLeft+Slash',
    ]);
  });

  test('names what is on no key', () => {
    assert.deepEqual(keysFor('é€'), [[{ keysym: 0xe9, code: '' }], [{ keysym: 0x1_00_20_ac, code: '' }]]);
  });
});
