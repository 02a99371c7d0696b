import assert from 'node:assert/strict';
import { ProxyLink } from '../../../../src/engines/gdb/proxy/link.ts';
import { packet } from '../../../../src/engines/gdb/stub/packet.ts';
import type { Random } from '../../fuzz/random.ts';
import { chop } from '../../fuzz/mutate.ts';
import { type Kind, kindOf } from '../kind.ts';
import { damaged, hostileText } from '../text.ts';

const REQUESTS = ['qSupported:xmlRegisters=i386', 'qXfer:features:read:target.xml:0,ffb', 'qXfer:features:read:../../x:0,ffb', 'g', 'm0,4', 'vCont;c', 'c', 'bs', 'vFile:open:x', 'qRcmd,68', '?', 'Hg0', 'G00', 'P0=1', 'F-1,d']; // prettier-ignore
const REPLIES = ['OK', '', 'E01', 'S05', 'T05thread:p01.01;', 'W00', 'PacketSize=1000;qXfer:features:read+;vFile+;Fork-events+', 'l<target><xi:include href="a.xml"/></target>', 'm<target>', 'm', 'l', 'l<!DOCTYPE x [<!ENTITY a "b">]>', 'Fopen,0,8,601,1b6', 'Fwrite,1,0,4', 'Fsystem,0,9', 'F', 'O1b5d35323b633b61476b3d07', 'O1b5b33316d61', 'O', 'O0', '00000000', 'l*~*~', '}\u0003']; // prettier-ignore

/** What comes from a stub: packets, damaged ones, and bytes that belong to none. */
function session(random: Random): Buffer {
  let text = '';
  for (let count = random.below(20); count >= 0; count -= 1)
    text += random.pick([
      () => '+',
      () => `+${packet(random.pick(REPLIES))}`,
      () => packet(random.pick(REPLIES)),
      () => damaged(packet(random.pick(REPLIES)), random, 2),
      () => packet(`F${hostileText(random, 2)}`),
      () => `+${packet(`O${Buffer.from(hostileText(random, 3)).toString('hex')}`)}`,
      () =>
        random.pick([
          '%Stop:S05#00',
          '$',
          '#',
          '$#',
          '-',
          '\u0003',
          '$F#46',
          '$$Fopen#00',
          hostileText(random, 2),
        ]),
      () => '$'.padEnd(random.pick([10, 5000, 300_000]), 'x'),
    ])();
  return Buffer.from(text, 'utf8');
}

/** As gdb reads them: at each `$` it begins anew, and two digits follow the `#`. */
function packetsIn(bytes: string): readonly string[] {
  return [...bytes.matchAll(/\$([^$#]*)#../gsu)].map(([, data = '']) => data);
}

function look(input: Buffer, random: Random): void {
  let toGdb = '';
  let isOver = false;
  const sentences: string[] = [];
  const link = new ProxyLink(
    { narrow: random.chance(0.5), paced: false },
    {
      toGdb: (bytes) => {
        // Nobody reads any more.
        if (!isOver) toGdb += bytes;
      },
      toStub: () => undefined,
      warn: (sentence) => sentences.push(sentence),
      hangUp: () => (isOver = true),
    },
  );
  for (const piece of chop(input, random)) {
    if (isOver) break;
    if (random.chance(0.3)) link.fromGdb.push(packet(random.pick(REQUESTS)));
    link.fromStub.push(piece.toString('latin1'));
  }
  for (const data of packetsIn(toGdb)) {
    assert.ok(!data.startsWith('F'), `gdb is asked to work with files: ${data}`);
    if (/^O(?:[0-9a-f]{2})+$/iu.test(data)) assertColoursOnly(Buffer.from(data.slice(1), 'hex').toString());
  }
  for (const sentence of sentences) assert.ok(sentence.length < 500, 'a sentence stays one');
}

function assertColoursOnly(text: string): void {
  // oxlint-disable-next-line no-control-regex -- that is what it is about
  assert.doesNotMatch(text.replaceAll(/\u001b\[[0-9;:]*m/gu, ''), /[\u001b\u0080-\u009f]/u);
}

export const stubs: readonly Kind[] = [kindOf('gdb stubs', 12_000, session, look)];
