import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { destroyGuest, findOwnGuests } from '../../../src/engines/environment/deploy/down.ts';
import { preflight } from '../../../src/engines/environment/deploy/preflight.ts';
import type { Connection } from '../../../src/client/libvirt/connect.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { bootOf, KvmYaml } from '../../../test/support/kvm-yaml.ts';
import { GREETING } from '../../../test/support/network-guest.ts';
import { sshGuestFor } from '../../../test/support/ssh-guest.ts';
import { check } from './check.ts';
import type { CompatDaemon } from './daemon.ts';

const UP_MS = 120_000;

/** A guest of a kvm.yaml behind passt: its port answers, scripts run over ssh, other ports take a restart. */
export async function trialOfPasst(connection: Connection, { folder }: CompatDaemon): Promise<void> {
  const guest = await sshGuestFor({ folder });
  const workspace = new KvmYaml(connection, join(folder, 'workspace'));
  await mkdir(workspace.folder);
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(workspace.folder, 'base.qcow2'), '8M']);
  const port = await freePort();
  const yaml = (host: number) => `name: t
guests:
  box:
    image: base.qcow2
    memory: 192 MiB
    machine: pc
    accel: tcg
    networks: [passt]
    ports: ['${host}:80']
    cloud-init: { user: dev }
    provision: [{ run: echo a script }]
${bootOf(guest)}`;
  const environment = await workspace.load(yaml(port));
  const { id, forwards } = workspace.services;
  const obstacles = await preflight(await workspace.plan(environment), id, folder);
  check(obstacles.length === 0, `there are obstacles: ${obstacles.map(({ message }) => message).join('; ')}`);
  await workspace.up(yaml(port), AbortSignal.timeout(UP_MS), UP_MS);
  check(workspace.output.includes('a script\n'), 'no script ran over ssh');
  const [own] = await findOwnGuests(environment.guests, id, async () => workspace.host);
  if (own === undefined) throw new Error('the guest is not found');
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    check((await answer.text()).trim() === GREETING, 'its port does not answer');
    const [again] = await workspace.up(yaml(port));
    check(again?.outcome === 'unchanged', `Up again: ${again?.outcome}`);
    const other = await workspace.load(yaml(await freePort()));
    const change = (await workspace.plan(other)).guests[0]?.changes.find(({ key }) => key === 'ports');
    check(change?.effect === 'restart', `another port takes ${change?.effect}`);
  } finally {
    await destroyGuest(own, workspace.services);
    forwards.closeAll();
  }
  const left = await connection.domains.list();
  check(left.length === 0, 'the guest is left');
}
