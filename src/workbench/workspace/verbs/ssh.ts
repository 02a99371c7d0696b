import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isCancellation } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import { provision, provisionDigest } from '../../../engines/environment/access/provision.ts';
import { endpointOf, type RunningGuest } from '../../../engines/environment/access/reach.ts';
import { SshKeys } from '../../../engines/environment/access/ssh-keys.ts';
import { sshArguments, type SshTarget } from '../../../engines/environment/access/ssh-run.ts';
import { waitForSsh } from '../../../engines/environment/access/wait.ts';
import { findGuest } from '../../../engines/environment/deploy/find-guest.ts';
import { facetsOf } from '../../../engines/environment/deploy/facets.ts';
import { writeProgress } from '../../../engines/environment/deploy/progress.ts';
import type { DeclaredGuest } from '../../../engines/environment/file/model.ts';
import { bootTimeoutMs } from '../settings.ts';
import type { EnvironmentEntry } from '../entry.ts';
import type { Environments } from '../environments.ts';
import { checkTrust } from '../trust.ts';
import { runOnEntry } from './run.ts';
import { oneGuestOf, type Target } from './targets.ts';
import { upGuests } from './up.ts';

export interface LoggedIn {
  readonly entry: EnvironmentEntry;
  readonly guest: DeclaredGuest;
  readonly keys: SshKeys;
  readonly target: SshTarget;
}

/** Asks which guest, brings it up if it is not, and finds the way to its ssh. Undefined when that did not work out. */
export async function logIn(
  environments: Environments,
  given: unknown,
  question: string,
): Promise<LoggedIn | undefined> {
  const chosen = await oneGuestOf(environments, given, question, { needsSsh: true });
  if (chosen === undefined) return undefined;
  const { entry, guest } = chosen;
  const one: Target = { entry, guests: [guest.name] };
  try {
    checkTrust(vscode.workspace);
    let running = await runningGuest(environments, entry, guest);
    if (running === undefined) {
      if (!(await upGuests(environments, one))) return undefined;
      running = await runningGuest(environments, entry, guest);
    }
    if (running === undefined) throw new Error(t('It is not running'));
    const keys = new SshKeys(environments.services(entry).folder);
    const target = await targetFor(running, keys, environments, entry);
    return { entry, guest, keys, target };
  } catch (error) {
    if (!isCancellation(error))
      void environments.parts.presenter.failure(t('Could not log in to “{0}”.', guest.name), error);
    return undefined;
  }
}

/** Opens a terminal in the guest. */
export async function openSsh(environments: Environments, given: unknown): Promise<void> {
  const found = await logIn(environments, given, t('SSH into Which Guest?'));
  if (found === undefined) return;
  const { guest, keys, target } = found;
  const terminal = vscode.window.createTerminal({
    // not for people: a name and a program
    name: `${displayName(guest.name)} (ssh)`,
    // A guest says what it likes: it is shown, and not obeyed.
    shellPath: process.execPath,
    shellArgs: [sshTerminal(environments), ...sshArguments(keys, target), '--', target.address],
    env: { ELECTRON_RUN_AS_NODE: '1' },
    iconPath: new vscode.ThemeIcon('terminal'),
    isTransient: true,
  });
  terminal.show();
}

function sshTerminal({ parts }: Environments): string {
  return vscode.Uri.joinPath(parts.extensionUri, 'dist', 'ssh-terminal-main.js').fsPath;
}

/** Runs the scripts of guests again. */
export async function provisionGuests(
  environments: Environments,
  given: unknown,
  outer?: AbortSignal,
): Promise<boolean> {
  const found = await logIn(environments, given, t('Provision Which Guest?'));
  if (found === undefined) return false;
  const { entry, guest, keys, target } = found;
  const { presenter } = environments.parts;
  try {
    environments.output.show(true);
    await runOnEntry(
      environments,
      entry,
      t('Provisioning {0}', guest.name),
      async (signal) => {
        const services = environments.services(entry);
        await provision(guest, keys, target, {
          signal,
          onScript: (index, of) => services.report(guest.name, { kind: 'provision', index, of }),
          onOutput: (text) => services.output(guest.name, text),
        });
        await noteProvisioned(environments, guest);
      },
      outer,
    );
    return true;
  } catch (error) {
    if (!isCancellation(error)) void presenter.failure(t('Could not provision “{0}”.', guest.name), error);
    return false;
  }
}

/** From now on, only other scripts are a change. */
async function noteProvisioned(environments: Environments, guest: DeclaredGuest): Promise<void> {
  const { connection } = await environments.hosts.connect(guest.host);
  const found = await findGuest(connection, guest.domain);
  if (found?.record === undefined) return;
  await writeProgress(connection, found.ref, { ready: true, provisioned: await provisionDigest(guest) });
  const { noteFacets } = await import('../../../engines/environment/deploy/record.ts');
  const facets = await facetsOf(guest);
  const noted = new Map(found.record.facets);
  for (const key of ['provision', 'env']) {
    const now = facets.get(key);
    if (now === undefined) noted.delete(key);
    else noted.set(key, now);
  }
  await noteFacets(connection, found.ref, { ...found.record, facets: noted });
}

async function runningGuest(
  environments: Environments,
  entry: EnvironmentEntry,
  guest: DeclaredGuest,
): Promise<RunningGuest | undefined> {
  const host = await environments.hosts.connect(guest.host);
  const found = await findGuest(host.connection, guest.domain);
  if (found?.record?.id !== entry.id || !found.running) return undefined;
  return { guest, host, ref: found.ref, forwards: environments.forwards };
}

/** At once where something answers; otherwise with all the patience of a boot. */
async function targetFor(
  running: RunningGuest,
  keys: SshKeys,
  environments: Environments,
  entry: EnvironmentEntry,
): Promise<SshTarget> {
  const { guest } = running;
  const ssh = guest.ssh ?? { user: 'root', port: 22 };
  const endpoint = await endpointOf(running, ssh.port);
  if (endpoint !== undefined)
    return {
      address: endpoint.address,
      port: endpoint.port,
      user: ssh.user,
      alias: guest.domain,
      knownKey: guest.cloudInit !== undefined && guest.cloudInit.userDataFile === undefined,
    };
  return runOnEntry(environments, entry, t('Waiting until {0} accepts SSH', guest.name), (signal) =>
    waitForSsh(running, {
      signal,
      timeoutMs: bootTimeoutMs(),
      keys,
      report: (phase) => environments.services(entry).report(guest.name, phase),
    }),
  );
}
