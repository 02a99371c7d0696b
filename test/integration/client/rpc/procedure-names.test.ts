import assert from 'node:assert/strict';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { XdrReader } from '../../../../src/client/rpc/xdr.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { RemoteError } from '../../../../src/client/rpc/error.ts';
import { type Procedure, Program } from '../../../../src/client/rpc/procedure.ts';
import * as connect from '../../../../src/client/rpc/procedures/connect.ts';
import { openAlone } from '../../../../src/client/transport/open.ts';
import { nameForDaemon, parseUri } from '../../../../src/client/transport/uri.ts';
import { askNobody } from '../../../../src/client/transport/ask.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

const folder = join(import.meta.dirname, '../../../../src/client/rpc/procedures');
const tables = await Promise.all(
  (await readdir(folder)).map(async (file) => (await import(join(folder, file))) as object),
);

/** Where the function is not the procedure's name in other letters. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY: 'virConnectDomainEventRegisterAny',
  CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY: 'virConnectDomainEventDeregisterAny',
  CONNECT_DOMAIN_MONITOR_EVENT_REGISTER: 'virConnectDomainQemuMonitorEventRegister',
  CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER: 'virConnectDomainQemuMonitorEventDeregister',
  DOMAIN_MONITOR_COMMAND: 'virDomainQemuMonitorCommand',
  DOMAIN_AGENT_COMMAND: 'virDomainQemuAgentCommand',
};

function isProcedure(value: unknown): value is Procedure<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'args' in value && 'result' in value;
}

const procedures = tables.flatMap((table) => Object.values(table).filter(isProcedure));
/** Those that the daemon answers without libvirt's public API, or that end the connection. */
const isApart = ({ name }: Procedure<unknown, unknown>) =>
  /^(AUTH_.*|CONNECT_OPEN|CONNECT_CLOSE)$/.test(name);

const isDeregistration = ({ name }: Procedure<unknown, unknown>) => name.includes('_DEREGISTER');

const opensStream = ({ name }: Procedure<unknown, unknown>) =>
  /^(DOMAIN_OPEN_|DOMAIN_SCREENSHOT|STORAGE_VOL_(UP|DOWN)LOAD)/.test(name);

/** What has been registered for events can be deregistered later. */
const testable = [
  ...procedures.filter((procedure) => !isApart(procedure) && !isDeregistration(procedure)),
  ...procedures.filter(isDeregistration),
];

/** Nothing but zeros on the wire where that does: empty texts and lists, absent options, no flags. */
function someArguments(
  { name, args }: Procedure<unknown, unknown>,
  registered: ReadonlyMap<string, unknown>,
): unknown {
  // The daemon looks for the device before it asks for the parent.
  if (name === 'NODE_DEVICE_GET_PARENT') return { name: 'computer' };
  const registration = registered.get(name.replace('_DEREGISTER', '_REGISTER'));
  return registration ?? args.read(new XdrReader(Buffer.alloc(1024)));
}

function sameFunction(procedure: string, called: string): boolean {
  const expected = FUNCTIONS[procedure] ?? `vir${procedure.replaceAll('_', '')}`;
  return expected.toLowerCase() === called.toLowerCase();
}

suite('Each procedure number', () => {
  let daemon: PrivateDaemon;
  let rpc: RpcConnection;
  let logSize = 0;

  before(async () => {
    // The daemon's own log says which function of the public API a number leads to.
    const settings = { log_filters: '1:libvirt', log_outputs: '1:stderr' };
    daemon = await startPrivateDaemon({ settings });
    const uri = parseUri(daemon.testUri);
    const signal = AbortSignal.timeout(20_000);
    rpc = new RpcConnection(await openAlone(uri, { signal, ask: askNobody }));
    await rpc.call(connect.connectOpen, { name: nameForDaemon(uri), flags: 0 });
  });
  after(async () => {
    rpc?.close();
    await daemon.dispose();
  });

  /** The functions of the public API that were entered since this was last asked. */
  async function functionsCalled(): Promise<readonly string[]> {
    await using log = await open(join(daemon.folder, 'libvirtd.log'));
    const { size } = await log.stat();
    const { buffer } = await log.read({ buffer: Buffer.alloc(size - logSize), position: logSize });
    logSize = size;
    return [...buffer.toString().matchAll(/debug : (vir[A-Za-z0-9]+):\d+ :/g)].map(([, name]) => name ?? '');
  }

  test('is there once', () => {
    const keys = procedures.map(({ program, number }) => `${program}:${number}`);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(procedures.length > 200);
    assert.ok(procedures.every(({ program }) => program === Program.REMOTE || program === Program.QEMU));
  });

  const registered = new Map<string, unknown>();
  for (const procedure of testable)
    test(`${procedure.number} is ${procedure.name}`, async () => {
      await functionsCalled();
      let refusal = '';
      try {
        const args = someArguments(procedure, registered);
        const patience = { timeoutMs: 10_000 };
        if (opensStream(procedure)) (await rpc.openStream(procedure, args, patience)).stream.destroy();
        else registered.set(procedure.name, await rpc.call(procedure, args, patience));
      } catch (error) {
        // That it is refused is no matter, only that the arguments had the shape that was expected.
        assert.ok(error instanceof RemoteError, String(error));
        assert.doesNotMatch(error.message, /decode|unknown procedure/);
        refusal = error.message;
      }
      const called = await functionsCalled();
      assert.ok(
        called.some((name) => sameFunction(procedure.name, name)) ||
          // Where the test driver has no such events, there is nothing to deregister from.
          refusal.endsWith('event callback 0 not registered'),
        `The daemon called ${called.join(', ') || 'nothing'}: ${refusal}`,
      );
    });
});
