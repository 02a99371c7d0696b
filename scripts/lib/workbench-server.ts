import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import type { CodeServer } from './code-server.ts';
import { adoptGroup, endGroup } from './process-group.ts';

export interface WorkbenchServerOptions {
  /** Holds the server's extensions, settings and logs. */
  readonly dataFolder: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A secret without which the page is not served: the server runs code for whoever reaches it. */
  readonly token?: string;
  /** Only these of VS Code's own extensions, by folder name; all of them when left out. */
  readonly builtinExtensions?: readonly string[];
  /** An extension to install, as people do. Without one the page loads an extension from a folder. */
  readonly vsix?: string;
}

/** What the page is to open, each an absolute path on the server's machine. */
export interface WorkbenchPage {
  readonly folder: string;
  readonly extension?: string;
  /** A module whose `run` is called in the extension host. */
  readonly extensionTests?: string;
}

export interface WorkbenchServer {
  readonly pid: number;
  readonly port: number;
  urlFor(page: WorkbenchPage): string;
  /** Everything that the server printed so far. */
  output(): string;
  /** Settles when the server is gone, by itself or by `dispose`. */
  readonly ended: Promise<void>;
  /** Ends the server and its extension hosts, by force when they take longer than this. */
  dispose(patienceMs?: number): Promise<void>;
}

function pageUrl(
  port: number,
  token: string | undefined,
  { folder, extension, extensionTests }: WorkbenchPage,
): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${pathToFileURL(path).pathname}`;
  const payload: [string, string][] = [];
  if (extension !== undefined) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (extensionTests !== undefined) payload.push(['extensionTestsPath', remote(extensionTests)]);
  const url = new URL(`http://127.0.0.1:${port}/`);
  if (token !== undefined) url.searchParams.set('tkn', token);
  url.searchParams.set('folder', folder);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

async function writeSettings(dataFolder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = join(dataFolder, 'data', 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/** In a file, since everybody on the machine can read a command line. */
async function tokenArgument(dataFolder: string, token: string | undefined): Promise<string> {
  if (token === undefined) return '--without-connection-token';
  const file = join(dataFolder, 'connection-token');
  await writeFile(file, token, { mode: 0o600 });
  return `--connection-token-file=${file}`;
}

async function selectBuiltins(
  serverMain: string,
  dataFolder: string,
  names: readonly string[] | undefined,
): Promise<string[]> {
  if (names === undefined) return [];
  const selection = join(dataFolder, 'builtin-extensions');
  await mkdir(selection, { recursive: true });
  const all = join(dirname(serverMain), '..', 'extensions');
  for (const name of names) await symlink(join(all, name), join(selection, name));
  return [`--builtin-extensions-dir=${selection}`];
}

const tied = join(import.meta.dirname, 'tied.sh');

/**
 * Starts the server of the browser workbench, on the loopback address only, and waits until it listens. It ends with
 * this process, even when that is killed.
 */
export async function startWorkbenchServer(
  { node, serverMain }: CodeServer,
  { dataFolder, port = 0, settings = {}, env = {}, token, builtinExtensions, vsix }: WorkbenchServerOptions,
): Promise<WorkbenchServer> {
  await writeSettings(dataFolder, settings);
  if (vsix !== undefined)
    await execa(node, [serverMain, `--server-data-dir=${dataFolder}`, `--install-extension=${vsix}`], {
      stdin: 'ignore',
    });
  const args = [
    '--host=127.0.0.1',
    `--port=${port}`,
    `--server-data-dir=${dataFolder}`,
    await tokenArgument(dataFolder, token),
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--disable-workspace-trust',
    // Without it the server refuses to load an extension from a folder; with it notifications stay hidden.
    ...(vsix === undefined ? ['--enable-smoke-test-driver'] : []),
    ...(await selectBuiltins(serverMain, dataFolder, builtinExtensions)),
  ];
  const child = execa(tied, [node, serverMain, ...args], {
    env: { ...env },
    // Never written to: its end tells the server that we are gone.
    stdin: 'pipe',
    all: true,
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  adoptGroup(child.pid);
  let output = '';
  const ended = child.then(() => undefined);
  const listening = new Promise<number>((resolve, reject) => {
    child.all.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const bound = /Extension host agent listening on (\d+)/u.exec(output)?.[1];
      if (bound !== undefined) resolve(Number(bound));
    });
    void ended.then(() => reject(new Error(`The workbench server ended at once:\n${output}`)));
  });
  const boundPort = await listening;
  return {
    port: boundPort,
    pid: child.pid ?? 0,
    urlFor: (page) => pageUrl(boundPort, token, page),
    output: () => output,
    ended,
    async dispose(patienceMs = 3000) {
      await endGroup(child.pid, patienceMs);
      await ended;
    },
  };
}
