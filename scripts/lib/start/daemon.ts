import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { connect, type Connection } from '../../../src/client/libvirt/connect.ts';
import { TransportError } from '../../../src/client/transport/error.ts';
import { findDaemon } from '../../../src/client/transport/session-daemon.ts';
import { socketCandidates } from '../../../src/client/transport/socket-paths.ts';
import { parseUri } from '../../../src/client/transport/uri.ts';
import { adoptGroup, endGroup } from '../process-group.ts';
import { SetupError } from '../system-packages.ts';

export interface Daemon {
  readonly connection: Connection;
  readonly uri: string;
  /** How it came to be, for the person to read. */
  readonly origin: string;
}

const answerTimeoutMs = 15_000;
const endTimeoutMs = 5000;
const isRoot = process.getuid?.() === 0;

async function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function waitUntilAnswers(path: string, program: string, output: () => string): Promise<void> {
  const deadline = performance.now() + answerTimeoutMs;
  while (!(await answers(path))) {
    if (performance.now() > deadline) {
      throw new SetupError(`${program} was started but does not answer at ${path}.\n${output()}`);
    }
    await delay(50);
  }
}

/** Runs a daemon as our child until `undo`, apart from the terminal: a Ctrl-C there is not for it. */
async function runDaemon(
  program: string,
  socket: string,
  state: string,
  undo: AsyncDisposableStack,
): Promise<void> {
  await mkdir(dirname(socket), { recursive: true });
  const pidFile = join(state, `${program.replaceAll('/', '-')}.pid`);
  const child = execa(program, ['--pid-file', pidFile], {
    stdin: 'ignore',
    all: true,
    detached: true,
    cleanup: false,
    reject: false,
    maxBuffer: 1_000_000,
  });
  adoptGroup(child.pid);
  undo.defer(() => endGroup(child.pid, endTimeoutMs));
  let output = '';
  child.all.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitUntilAnswers(socket, program, () => output);
}

/** The first of the sockets whose daemon is installed. */
async function installedDaemon(sockets: readonly string[]): Promise<{ program: string; socket: string }> {
  // The monolithic daemon first: one process serves networks and storage too.
  for (const socket of sockets.toReversed()) {
    const program = await findDaemon(socket);
    if (program !== undefined) return { program, socket };
  }
  throw new SetupError('There is neither libvirtd nor virtqemud on this machine.');
}

async function startOwn(uri: string, undo: AsyncDisposableStack): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'kvm-workbench-start-'));
  undo.defer(() => rm(state, { recursive: true, force: true }));
  const { program, socket } = await installedDaemon(socketCandidates(parseUri(uri)).candidates);
  // Started by itself, it would stay behind for a while.
  const logSocket = join(dirname(socket), 'virtlogd-sock');
  const logDaemon = await findDaemon(logSocket);
  if (logDaemon !== undefined && !(await answers(logSocket))) {
    await runDaemon(logDaemon, logSocket, state, undo);
  }
  await runDaemon(program, socket, state, undo);
}

async function tryConnect(uri: string, signal: AbortSignal): Promise<Connection | TransportError> {
  try {
    return await connect(uri, signal);
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
}

/**
 * A libvirt daemon that answers: the machine's own when it lets us in; as root one that we start; else the
 * user's session daemon. What was started here ends with `undo`.
 */
export async function ensureDaemon(undo: AsyncDisposableStack, signal: AbortSignal): Promise<Daemon> {
  const system = 'qemu:///system';
  const session = 'qemu:///session';
  const found = await tryConnect(system, signal);
  if (!(found instanceof TransportError)) {
    return { connection: found, uri: system, origin: 'the one of this machine' };
  }
  if (isRoot && found.code !== 'no-daemon') throw found;

  const uri = isRoot ? system : session;
  const running = await Promise.all(socketCandidates(parseUri(uri)).candidates.map(answers));
  if (!running.includes(true)) await startOwn(uri, undo);
  return {
    connection: await connect(uri, signal),
    uri,
    origin: running.includes(true) ? 'your session daemon' : 'started here, ends with this command',
  };
}
