import { parseArgs } from 'node:util';
import { buildExtension } from './lib/bundle.ts';
import { runMain } from './lib/main.ts';
import { requirements } from './lib/requirements.ts';
import { chooseDomainType } from './lib/start/acceleration.ts';
import { ensureDaemon } from './lib/start/daemon.ts';
import { defineDemoGuest, stopDemoGuestAfter } from './lib/start/demo-guest.ts';
import { hasDesktop, hasDisplay, openBrowser, openDesktop, serveBrowser } from './lib/start/editor.ts';
import { step } from './lib/steps.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';
import { buildTinyOs } from './lib/tiny-os.ts';

interface Options {
  readonly yes: boolean;
  readonly open: boolean;
  readonly port: number | undefined;
}

function parseOptions(): Options {
  const { values } = parseArgs({
    options: { yes: { type: 'boolean' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new SetupError(`--port ${values.port} is not a port.`);
  }
  return { yes: values.yes === true, open: values['no-open'] !== true, port };
}

/** Aborts at the first Ctrl-C; npm passes it on a second time, which changes nothing. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new SetupError('Stopped.')));
  }
  return controller.signal;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function provideGuest(undo: AsyncDisposableStack, signal: AbortSignal): Promise<void> {
  const elf = await step('tiny-os, the demo guest', buildTinyOs);
  const type = await step('trial of KVM', () => chooseDomainType(elf, signal));
  console.log(
    type === 'kvm' ? '  KVM is usable here.' : '  KVM is not usable here: the guest will be emulated.',
  );
  signal.throwIfAborted();
  const daemon = await step('libvirt daemon', () => ensureDaemon(undo, signal));
  undo.defer(() => daemon.connection.close());
  console.log(`  ${daemon.uri}: ${daemon.origin}`);
  await step('guest tiny-os defined', () => defineDemoGuest(daemon, elf, type));
  await stopDemoGuestAfter(daemon, undo);
}

async function openEditor(options: Options, undo: AsyncDisposableStack, signal: AbortSignal): Promise<void> {
  if (options.open && (await hasDesktop())) {
    await step('extension bundle', () => buildExtension());
    console.log('VS Code opens; close its window or press Ctrl-C here to end the demo.');
    return openDesktop(signal);
  }
  const { url, ended } = await serveBrowser(options.port, undo);
  signal.throwIfAborted();
  console.log(
    `\nVS Code is at ${url}\nThe guest is behind the KVM icon on the left. Press Ctrl-C to end it.`,
  );
  if (options.open && hasDisplay()) await openBrowser(url);
  await Promise.race([ended, aborted(signal)]);
  if (!signal.aborted) throw new SetupError('The workbench server ended by itself.');
}

async function run(options: Options, undo: AsyncDisposableStack, signal: AbortSignal): Promise<void> {
  const needsBrowser = !(options.open && (await hasDesktop()));
  await ensureSystemPackages(
    [...requirements.libvirt, ...requirements.tinyOs, ...(needsBrowser ? requirements.codeServer : [])],
    options.yes,
  );
  await provideGuest(undo, signal);
  await openEditor(options, undo, signal);
}

async function main(): Promise<number> {
  const options = parseOptions();
  const signal = abortOnSignals();
  await using undo = new AsyncDisposableStack();
  // Whatever is under way when Ctrl-C comes is left alone: all that has to end is in `undo`.
  await Promise.race([run(options, undo, signal), aborted(signal)]);
  if (signal.aborted) console.log('\nEnding what was started…');
  return 0;
}

await runMain(main);
// An install that Ctrl-C interrupted would go on otherwise.
process.exit();
