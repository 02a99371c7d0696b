import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import type { Connection } from '../../../../src/client/libvirt/connect.ts';
import { DomainGuests } from '../../../../src/client/libvirt/domain/guest.ts';
import type { DomainRef } from '../../../../src/client/libvirt/domain/domain.ts';
import { RemoteError } from '../../../../src/client/rpc/error.ts';
import type { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import type { TypedParameter } from '../../../../src/client/rpc/types.ts';
import { cloudInitErrors } from '../../../../src/engines/environment/access/cloud-init-status.ts';
import { findAddress } from '../../../../src/engines/environment/access/find-address.ts';
import { SshKeys } from '../../../../src/engines/environment/access/ssh-keys.ts';
import { sshOptions } from '../../../../src/engines/environment/access/ssh-run.ts';
import { LineError } from '../../../../src/model/text/line.ts';
import { OperationError } from '../../../../src/model/operations/error.ts';
import { runBy } from '../../../../src/model/operations/domain/run-command.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Kind, kindOf } from '../kind.ts';
import { assertOneLine, damaged, hostileText } from '../text.ts';

const ref: DomainRef = { name: 'g', uuid: '00000000-0000-0000-0000-000000000000', id: 1 };
const keys = new SshKeys('/keys');
const ADDRESSES = [
  '10.0.0.5',
  '127.0.0.1',
  '::ffff:127.0.0.1',
  'fe80::1%eth0',
  '2001:db8::1',
  '0.0.0.0',
  '10.0.0.5\n',
  '1',
  '',
];
const FIELDS = ['user', 'fs', 'disk', 'if', 'os', 'timezone', 'hostname'];
const PARTS = ['count', 'name', '0', '1', '4294967295', '-1', 'addr', 'hwaddr', 'mountpoint', 'offset', 'id', '__proto__', 'constructor', 'dependency', 'toString']; // prettier-ignore

function address(random: Random): string {
  return random.chance(0.4) ? random.pick(ADDRESSES) : damaged(random.pick(ADDRESSES), random, 2);
}

function parameter(random: Random): TypedParameter {
  const parts = Array.from({ length: random.below(5) }, () => random.pick(PARTS));
  const field = [random.chance(0.8) ? random.pick(FIELDS) : hostileText(random, 2), ...parts].join('.');
  return random.pick<() => TypedParameter>([
    () => ({ field, type: 'string', value: random.chance(0.5) ? address(random) : hostileText(random) }),
    () => ({ field, type: 'uint', value: random.pick([0, 1, 5, 0xffffffff]) }),
    () => ({ field, type: 'ullong', value: random.pick([0n, 2n ** 64n - 1n]) }),
    () => ({ field, type: 'int', value: random.pick([0, -1, 0x7fffffff]) }),
    () => ({ field, type: 'boolean', value: random.chance(0.5) }),
  ])();
}

/** What an agent says, as a daemon hands it on. */
interface Answers {
  readonly interfaces: readonly unknown[];
  readonly parameters: readonly TypedParameter[];
}

function answersOf(random: Random): Answers {
  const interfaces = Array.from({ length: random.below(4) }, () => ({
    name: hostileText(random, 3),
    hwaddr: random.chance(0.5) ? hostileText(random, 2) : undefined,
    addresses: Array.from({ length: random.below(4) }, () => ({
      type: random.pick([0, 1, 7]),
      address: address(random),
      prefix: random.pick([0, 24, 4_294_967_295]),
    })),
  }));
  const parameters = Array.from({ length: random.below(20) }, () => parameter(random));
  return { interfaces, parameters };
}

function inJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}

async function lookAtAddresses(answers: Answers): Promise<void> {
  const rpc = { call: async () => answers } as unknown as RpcConnection;
  const domainGuests = new DomainGuests(rpc);
  const found = await findAddress({ domainGuests } as unknown as Connection, ref);
  const { interfaces } = await domainGuests.info(ref);
  const all = [...interfaces, ...(await domainGuests.interfaceAddresses(ref))];
  const told = all.flatMap(({ addresses }) => addresses.map((each) => each.address));
  for (const each of found === undefined ? told : [...told, found.address]) {
    assert.ok(isIP(each) !== 0 && !each.includes('%'), `${JSON.stringify(each)} is an address`);
    const target = { address: each, port: 22, user: 'u', alias: 'g', knownKey: true };
    for (const value of Object.values(sshOptions(keys, target))) assertOneLine(value, 'an option of ssh');
  }
}

/** What is made of it when the commands of the agent’s own protocol are answered like this, one after the other. */
function answers(random: Random): string {
  const value = (depth: number): unknown =>
    random.pick<() => unknown>([
      () => null,
      () => random.pick([0, -1, 1e308, 42]),
      () => random.chance(0.5),
      () => hostileText(random, 3),
      () => (depth > 2 ? [] : Array.from({ length: random.below(3) }, () => value(depth + 1))),
      () => ({ pid: value(depth + 1), exited: true, 'out-data': value(depth + 1) }),
      () => ({
        pid: 7,
        exited: true,
        exitcode: value(depth + 1),
        'out-data': 'aGk=',
        'err-data': value(depth + 1),
      }),
      () => ({ id: value(depth + 1), __proto__: null }),
    ])();
  return inJson([value(0), value(0), value(0)]);
}

async function lookAtCommand(text: string): Promise<void> {
  const queue = JSON.parse(text) as unknown[];
  try {
    const said = await runBy(
      async () => {
        if (queue.length > 0) return queue.shift();
        throw new RemoteError('agent', { code: 1, domain: 0, level: 2, message: 'no more' });
      },
      'true',
      undefined,
    );
    assert.equal(typeof said.output, 'string');
    assert.ok(said.exitCode === undefined || Number.isInteger(said.exitCode));
  } catch (error) {
    if (!(error instanceof OperationError || error instanceof RemoteError)) throw error;
  }
}

function lookAtStatus(text: string): void {
  assertOneLine(cloudInitErrors(text).replaceAll(/[^\n\r]/gu, ''), 'what cloud-init complains about');
}

export const agents: readonly Kind[] = [
  {
    name: 'addresses of agents',
    share: 8000,
    async attempt(random, onInput) {
      const said = answersOf(random);
      onInput(Buffer.from(inJson(said)));
      try {
        await lookAtAddresses(said);
      } catch (error) {
        if (!(error instanceof LineError)) throw error;
      }
    },
  },
  kindOf('answers of agents', 4000, answers, lookAtCommand),
  kindOf(
    'status of cloud-init',
    2000,
    (random) => `errors:\n${damaged('  - x\\n y\nstatus: error\n', random)}`,
    lookAtStatus,
  ),
];
