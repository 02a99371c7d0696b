import { constants, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { Pump } from '../../../src/workbench/console/serial/pump.ts';
import { SerialSession } from '../../../src/workbench/console/serial/session.ts';
import { DomainTarget } from '../../../src/model/inventory/domain-target.ts';
import type { Host } from '../../../src/model/inventory/host.ts';
import { connect } from '../../../src/client/libvirt/connect.ts';
import { type BenchGuest, PORT } from './guest.ts';

const KEYS = 500;
const PAUSE_MS = 5;
const KEY = 'k';

/** How long each key took to come back, in ms. */
async function timeKeys(press: () => void, echoed: (listener: () => void) => void): Promise<number[]> {
  let arrived: () => void = () => undefined;
  echoed(() => arrived());
  const times: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const echo = new Promise<void>((resolve) => (arrived = resolve));
    const pressed = performance.now();
    press();
    await echo;
    times.push(performance.now() - pressed);
    await sleep(PAUSE_MS);
  }
  return times;
}

/** From a key in a terminal of ours to the text that is handed to VS Code. */
export async function ourEcho(guest: BenchGuest, host: Host): Promise<number[]> {
  let arrived: () => void = () => undefined;
  const pump = new Pump(
    (text) => text.includes(KEY) && arrived(),
    (full) => session.setFull(full),
  );
  const owner = {
    output: (bytes: Uint8Array) => pump.write(bytes),
    notice: () => undefined,
    mayTakeOver: () => Promise.resolve(false),
  };
  const connector = (uri: string, signal: AbortSignal) => connect(uri, signal);
  const target = new DomainTarget(host, guest.ref.uuid);
  const session = new SerialSession({ target, port: PORT, connector }, owner);
  await session.start();
  const encoder = new TextEncoder();
  const times = await timeKeys(
    () => session.write(encoder.encode(KEY)),
    (listener) => (arrived = listener),
  );
  session.dispose();
  pump.dispose();
  return times;
}

/** The same guest at the pseudo terminal that QEMU has for it, with nobody in between. */
export async function bareEcho(guest: BenchGuest): Promise<number[]> {
  const xml = await guest.connection.domains.xml(guest.ref);
  const serial = /<serial type='pty'[^>]*>\s*<source path='([^']+)'\/>\s*<target [^>]*port='1'/u;
  const found = serial.exec(xml)?.[1];
  if (found === undefined) throw new Error('The guest has no pseudo terminal');
  const file = openSync(found, constants.O_RDWR | constants.O_NOCTTY);
  // Reads as a terminal: a read that waits keeps nothing else waiting, and ends with it.
  const reader = new ReadStream(file);
  reader.setRawMode(true);
  const times = await timeKeys(
    () => writeSync(file, KEY),
    (listener) => reader.on('data', () => listener()),
  );
  reader.destroy();
  return times;
}
