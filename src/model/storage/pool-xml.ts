import { element, type NewElement, writeXml } from '../../language/xml/build.ts';
import type { PoolType } from './pool-types.ts';

/** Who we are to the server of a pool. */
export interface PoolAuth {
  readonly user: string;
  /** The libvirt secret that has the password or key. */
  readonly secret: string;
}

/** A server, as `host` or `host:port`, an IPv6 address in brackets when a port follows. */
export type PoolHost = string;

/** What a new pool is made from. Which parts a type needs is in `pool-types.ts`. */
export interface PoolPlan {
  readonly name: string;
  readonly uuid: string;
  readonly type: PoolType;
  readonly hosts?: readonly PoolHost[];
  readonly device?: string;
  readonly devices?: readonly string[];
  readonly target?: string;
  readonly directory?: string;
  readonly sourceName?: string;
  readonly adapter?: string;
  readonly initiator?: string;
  readonly format?: string;
  readonly auth?: PoolAuth;
  readonly path?: string;
}

/** The XML of a pool, with what its plan says and nothing else. */
export function poolXml(plan: PoolPlan): string {
  const source = sourceXml(plan);
  const path = plan.path ?? (plan.type === 'logical' ? `/dev/${plan.sourceName ?? plan.name}` : undefined);
  return writeXml(
    element(
      'pool',
      { type: plan.type },
      element('name', {}, plan.name),
      element('uuid', {}, plan.uuid),
      ...(source.length === 0 ? [] : [element('source', {}, ...source)]),
      ...(path === undefined ? [] : [element('target', {}, element('path', {}, path))]),
    ),
  );
}

/** The XML by which libvirt looks for what a server has; it takes no more than this. */
export function poolSourceXml(plan: Pick<PoolPlan, 'hosts' | 'initiator'>): string {
  return writeXml(element('source', {}, ...sourceXml(plan)));
}

function sourceXml(plan: Partial<PoolPlan>): readonly NewElement[] {
  const devices = [plan.device, plan.target, ...(plan.devices ?? [])].filter((path) => path !== undefined);
  return [
    ...(plan.hosts ?? []).map(hostXml),
    ...devices.map((path) => element('device', { path })),
    ...(plan.directory === undefined ? [] : [element('dir', { path: plan.directory })]),
    ...(plan.adapter === undefined ? [] : [element('adapter', { type: 'scsi_host', name: plan.adapter })]),
    ...(plan.sourceName === undefined ? [] : [element('name', {}, plan.sourceName)]),
    ...(plan.initiator === undefined
      ? []
      : [element('initiator', {}, element('iqn', { name: plan.initiator }))]),
    ...(plan.auth === undefined ? [] : [authXml(plan.auth, plan.type)]),
    ...(plan.format === undefined ? [] : [element('format', { type: plan.format })]),
  ];
}

function hostXml(host: PoolHost): NewElement {
  const { name, port } = splitHost(host);
  return element('host', { name, port });
}

function authXml({ user, secret }: PoolAuth, type: PoolType | undefined): NewElement {
  const kind = type === 'rbd' ? 'ceph' : 'chap';
  return element('auth', { type: kind, username: user }, element('secret', { uuid: secret }));
}

/** `[::1]:3260` has a port, `::1` has none. */
export function splitHost(host: PoolHost): { readonly name: string; readonly port: string | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/u.exec(host) ?? [];
  const name = bracketed ?? plain;
  return name === undefined ? { name: host, port: undefined } : { name, port };
}
