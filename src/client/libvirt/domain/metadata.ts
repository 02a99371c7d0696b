import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/domain.ts';
import type { DomainRef } from './domain.ts';

/** `virDomainMetadataType`. */
const DESCRIPTION = 0;
const TITLE = 1;
const ELEMENT = 2;

/** `virDomainLifecycle`. */
const OCCASIONS = ['poweroff', 'reboot', 'crash'] as const;
/** `virDomainLifecycleAction`. */
const ACTIONS = [
  'destroy',
  'restart',
  'rename-restart',
  'preserve',
  'coredump-destroy',
  'coredump-restart',
] as const;

/** What happens to a domain, as its XML has it in `on_poweroff`, `on_reboot`, `on_crash`. */
export type LifecycleOccasion = (typeof OCCASIONS)[number];
export type LifecycleAction = (typeof ACTIONS)[number];

export interface MetadataElement {
  readonly namespace: string;
  readonly prefix: string;
  /** Undefined removes what is there of the namespace. */
  readonly xml: string | undefined;
}

/** What is noted about domains and does not change the machine. `flags` are {@link Affect}'s. */
export class DomainMetadata {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /** `virDomainGetMetadata`: a missing title is NO_DOMAIN_METADATA. */
  title(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return this.#get(domain, TITLE, undefined, flags, options);
  }

  /** `virDomainGetMetadata`: a missing description is NO_DOMAIN_METADATA. */
  description(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return this.#get(domain, DESCRIPTION, undefined, flags, options);
  }

  /** `virDomainGetMetadata`: the XML element of that namespace; a missing one is NO_DOMAIN_METADATA. */
  element(domain: DomainRef, namespace: string, flags = 0, options?: CallOptions): Promise<string> {
    return this.#get(domain, ELEMENT, namespace, flags, options);
  }

  /** `virDomainSetMetadata`: undefined removes it. One line. */
  setTitle(domain: DomainRef, title: string | undefined, flags = 0, options?: CallOptions): Promise<void> {
    return this.#set(
      { domain, type: TITLE, metadata: title, key: undefined, uri: undefined, flags },
      options,
    );
  }

  /** `virDomainSetMetadata`: undefined removes it. */
  setDescription(
    domain: DomainRef,
    description: string | undefined,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, type: DESCRIPTION, metadata: description, key: undefined, uri: undefined, flags };
    return this.#set(args, options);
  }

  /** `virDomainSetMetadata`: one XML element of a namespace, written with the prefix. */
  setElement(
    domain: DomainRef,
    { namespace, prefix, xml }: MetadataElement,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, type: ELEMENT, metadata: xml, key: prefix, uri: namespace, flags };
    return this.#set(args, options);
  }

  /** `virDomainSetLifecycleAction`: what is done when that happens. */
  async setLifecycleAction(
    domain: DomainRef,
    occasion: LifecycleOccasion,
    action: LifecycleAction,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { domain, type: OCCASIONS.indexOf(occasion), action: ACTIONS.indexOf(action), flags };
    await this.#rpc.call(procedures.domainSetLifecycleAction, args, options);
  }

  async #get(
    domain: DomainRef,
    type: number,
    uri: string | undefined,
    flags: number,
    options: CallOptions | undefined,
  ): Promise<string> {
    return (await this.#rpc.call(procedures.domainGetMetadata, { domain, type, uri, flags }, options))
      .metadata;
  }

  async #set(
    args: Parameters<typeof procedures.domainSetMetadata.args.write>[1],
    options: CallOptions | undefined,
  ): Promise<void> {
    await this.#rpc.call(procedures.domainSetMetadata, args, options);
  }
}
