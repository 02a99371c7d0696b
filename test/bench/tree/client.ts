import { domainKind } from '../../../src/model/inventory/kinds/domain.ts';
import type { DomainRecord } from '../../../src/model/inventory/kinds/domain-record.ts';
import { type ObjectChanges, Tracker } from '../../../src/model/inventory/tracker.ts';
import { connect, type Connection } from '../../../src/client/libvirt/connect.ts';
import { FrameParser, MessageType } from '../../../src/client/rpc/frame.ts';
import { SocketReader } from '../../../src/client/transport/socket-reader.ts';
import { quantile } from './statistics.ts';

/** Run as: node --expose-gc client.ts MODE URI. Prints a {@link ClientResult} as JSON. */
export type ClientMode = 'inventory' | 'block' | 'heap' | 'events';

export interface ClientResult {
  /** ms until the inventory was complete, the longest ms without a turn, MB, or ms for the slowest event of a hundred. */
  readonly value: number;
  readonly domains: number;
}

const EVENTS = 2000;
const MEGABYTE = 1e6;

/** Calls `look` for every piece that comes in over a socket, before anybody else sees it. */
function watchArrivals(look: (piece: Buffer) => void): void {
  type Arrived = (this: SocketReader, bytes: number, buffer: Uint8Array) => boolean;
  const arrived: Arrived = Reflect.get(SocketReader.prototype, 'arrived');
  SocketReader.prototype.arrived = function (this: SocketReader, bytes: number, buffer: Uint8Array) {
    look(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
    return arrived.call(this, bytes, buffer);
  };
}

function fail(error: unknown): never {
  throw error;
}

function track(connection: Connection, changed: (changes: ObjectChanges) => void): Tracker<DomainRecord> {
  const place = { connection, parent: undefined };
  return new Tracker(domainKind, place, new Map(), { changed, failed: fail });
}

async function measureInventory(connection: Connection): Promise<ClientResult> {
  const tracker = track(connection, () => undefined);
  const started = performance.now();
  await tracker.start();
  return { value: performance.now() - started, domains: tracker.records.size };
}

/** The longest time in which nothing else had its turn. */
async function measureBlock(connection: Connection): Promise<ClientResult> {
  const tracker = track(connection, () => undefined);
  let [longest, last] = [0, performance.now()];
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    turn = setImmediate(look);
  };
  let turn = setImmediate(look);
  await tracker.start();
  clearImmediate(turn);
  return { value: longest, domains: tracker.records.size };
}

/** What JavaScript objects and the buffers behind them take. */
function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The peak, garbage included, seen after every chunk that came and when all was done. */
async function measureHeap(connection: Connection): Promise<ClientResult> {
  const tracker = track(connection, () => undefined);
  globalThis.gc?.();
  const before = memoryInUse();
  let peak = before;
  const look = () => (peak = Math.max(peak, memoryInUse()));
  watchArrivals(look);
  const timer = setInterval(look, 1);
  await tracker.start();
  look();
  clearInterval(timer);
  return { value: (peak - before) / MEGABYTE, domains: tracker.records.size };
}

/** From the bytes of an event in the socket to the change set, with the calls that read the domain anew. */
async function measureEvents(connection: Connection): Promise<ClientResult> {
  let announced: ((changes: ObjectChanges) => void) | undefined;
  const tracker = track(connection, (changes) => announced?.(changes));
  await tracker.start();
  tracker.announceStart();
  const running = [...tracker.records.values()].filter(({ state }) => state === 'running');

  let arrived: number | undefined;
  const parser = new FrameParser();
  watchArrivals((piece) => {
    const now = performance.now();
    parser.push(piece, ({ type }) => {
      if (type === MessageType.MESSAGE) arrived ??= now;
    });
  });

  const times: number[] = [];
  for (let count = 0; count < EVENTS; count++) {
    const record = running[count % running.length];
    if (record === undefined) throw new Error('No domain runs');
    const ref = { name: record.name, uuid: record.uuid, id: record.id ?? -1 };
    const change = new Promise<number>((resolve) => {
      announced = ({ changed }) => {
        if (changed.includes(record.uuid)) resolve(performance.now());
      };
    });
    arrived = undefined;
    await connection.domains.suspend(ref);
    const seen = await change;
    if (arrived === undefined) throw new Error('A change without an event');
    times.push(seen - arrived);
  }
  return { value: quantile(times, 0.99), domains: tracker.records.size };
}

async function measure(mode: ClientMode, uri: string): Promise<ClientResult> {
  const connection = await connect(uri, AbortSignal.timeout(120_000));
  try {
    switch (mode) {
      case 'inventory':
        return await measureInventory(connection);
      case 'block':
        return await measureBlock(connection);
      case 'heap':
        return await measureHeap(connection);
      case 'events':
        return await measureEvents(connection);
    }
  } finally {
    connection.close();
  }
}

const [mode = 'inventory', uri = ''] = process.argv.slice(2);
console.log(JSON.stringify(await measure(mode as ClientMode, uri)));
