// Runs a script of this project from a bare checkout: `node bootstrap.mjs SCRIPT [arguments]`.
// Plain JavaScript without dependencies, since it is what any Node from 20 on starts with: it installs the npm
// packages when they do not match the lock file, then hands over to the Node that came with them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** @param {string} path @returns {Record<string, {version?: string, optional?: boolean}>} */
function readPackages(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
}

/**
 * Whether node_modules holds what the lock file says. npm writes its own record there as its last act; a copy that
 * was made of the folder, or a package that was deleted, can leave the record without what it tells of.
 */
function isInstalled() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = present[path];
    return found ? found.version === version && existsSync(join(root, path)) : optional === true;
  });
}

function install() {
  const started = Date.now();
  process.stderr.write('… installing npm packages (npm ci)\n');
  const { status, error, signal } = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (error) fail(`npm could not be started: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) fail(`npm ci failed with exit code ${status}; what it said is above.`);
  process.stderr.write(`✓ npm packages  ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function chooseNode() {
  const pinned = join(bin, 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `No Node comes packaged for ${process.platform} ${process.arch}, and the scripts need Node 24 or newer ` +
      `(this one is ${process.version}). Install Node 24 and run the command again.`,
  );
}

const [script, ...args] = process.argv.slice(2);
if (!script) fail('usage: node scripts/bootstrap.mjs SCRIPT [arguments]');
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node 20 or newer is needed to begin with (this one is ${process.version}).`);
}
if (!isInstalled()) install();

// Daemons and what they need are in folders that a user's PATH need not have.
const path = [bin, process.env.PATH ?? '', '/usr/sbin', '/sbin'];
const child = spawn(chooseNode(), [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path.join(delimiter) },
});
child.on('error', (error) => fail(`${script} could not be started: ${error.message}`));

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of forwarded) process.on(signal, () => child.kill(signal));

child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  for (const each of forwarded) process.removeAllListeners(each);
  process.kill(process.pid, signal);
});
