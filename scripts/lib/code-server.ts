import { createHash } from 'node:crypto';
import { access, cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import manifest from '../code-server/package.json' with { type: 'json' };
import { root, userCache } from './paths.ts';
import { pathWith, pinnedNodeHome } from './pinned-node.ts';

/** The browser build of VS Code: `node serverMain` is the real workbench and extension host. */
export interface CodeServer {
  readonly node: string;
  readonly serverMain: string;
}

const manifestFolder = join(root, 'scripts', 'code-server');
const lockFile = join(manifestFolder, 'package-lock.json');

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Named by the lock file's content, so that every clone with the same one shares the folder. */
async function installFolder(): Promise<string> {
  const lock = await readFile(lockFile);
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 8);
  return join(userCache, `code-server-${manifest.dependencies['code-server']}-${hash}`);
}

function describe(folder: string, nodeHome: string): CodeServer {
  return {
    node: join(nodeHome, 'bin', 'node'),
    serverMain: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/** The installed one, or nothing when it has yet to be installed. */
export async function findCodeServer(): Promise<CodeServer | undefined> {
  const found = describe(await installFolder(), await pinnedNodeHome());
  return (await exists(found.serverMain)) ? found : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** An install that was killed leaves some 600 MB behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(userCache)) {
    const pid = /\.tmp-(\d+)$/u.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(userCache, name), { recursive: true, force: true });
    }
  }
}

/**
 * Installs code-server once per user. It compiles native modules, hence minutes; the packaged Node brings the
 * headers, so that nothing is downloaded but npm packages.
 */
export async function installCodeServer(signal?: AbortSignal): Promise<CodeServer> {
  const present = await findCodeServer();
  if (present) return present;

  const nodeHome = await pinnedNodeHome();
  const folder = await installFolder();
  const temporary = `${folder}.tmp-${process.pid}`;
  await mkdir(userCache, { recursive: true });
  await removeAbandoned();
  try {
    await cp(manifestFolder, temporary, { recursive: true });
    await execa('npm', ['ci', '--no-progress', '--loglevel=error'], {
      cwd: temporary,
      env: {
        PATH: pathWith(nodeHome),
        npm_config_nodedir: nodeHome,
        // Those of an outer `npm test`: it may run under another Node, which code-server would refuse.
        npm_config_user_agent: undefined,
        npm_config_local_prefix: undefined,
        // This project's packages have nothing to compile; code-server's do.
        npm_config_ignore_scripts: undefined,
        JOBS: 'max',
      },
      stdin: 'ignore',
      all: true,
      ...(signal ? { cancelSignal: signal } : {}),
    });
    await rename(temporary, folder);
  } catch (error) {
    const lostRace = await exists(describe(folder, nodeHome).serverMain);
    if (!lostRace) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return describe(folder, nodeHome);
}
