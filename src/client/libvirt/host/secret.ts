import type { ValueOf } from '../../rpc/codec.ts';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import type { EventMessage } from '../../rpc/procedure.ts';
import * as procedures from '../../rpc/procedures/secret.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';

/** How a secret is named in every call: its UUID, and what it is for. */
export type SecretRef = ValueOf<typeof procedures.secretRef>;

/** `virConnectListAllSecretsFlags`: a secret must match one of each group that is named. */
export const ListSecrets = { EPHEMERAL: 1, NO_EPHEMERAL: 2, PRIVATE: 4, NO_PRIVATE: 8 } as const;

/** `virSecretUsageType`. */
export const SecretUsage = { NONE: 0, VOLUME: 1, CEPH: 2, ISCSI: 3, TLS: 4, VTPM: 5 } as const;

/** `virSecretDefineFlags`. */
export const DefineSecret = { VALIDATE: 1 } as const;

const EVENTS = ['defined', 'undefined'] as const;
const EVENT_LIFECYCLE = 0;
const EVENT_VALUE_CHANGED = 1;

export interface SecretEvent {
  readonly secret: SecretRef;
  readonly event: (typeof EVENTS)[number] | 'other';
}

/** The secrets that one connection's daemon keeps for domains and pools. */
export class Secrets {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /** `virConnectListAllSecrets` with {@link ListSecrets} flags; 0 lists all. */
  async list(flags = 0, options?: CallOptions): Promise<readonly SecretRef[]> {
    const args = { needResults: true, flags };
    return (await this.#rpc.call(procedures.connectListAllSecrets, args, options)).items;
  }

  /** `virSecretLookupByUUID`. */
  async lookupByUuid(uuid: string, options?: CallOptions): Promise<SecretRef> {
    return (await this.#rpc.call(procedures.secretLookupByUuid, { uuid }, options)).secret;
  }

  /** `virSecretLookupByUsage`: a {@link SecretUsage} and what it names there, such as a volume's path. */
  async lookupByUsage(usageType: number, usageId: string, options?: CallOptions): Promise<SecretRef> {
    return (await this.#rpc.call(procedures.secretLookupByUsage, { usageType, usageId }, options)).secret;
  }

  /** `virSecretGetXMLDesc`: without the value. */
  async xml(secret: SecretRef, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.secretGetXmlDesc, { secret, flags: 0 }, options)).xml;
  }

  /** `virSecretDefineXML` with {@link DefineSecret}: it has no value yet. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<SecretRef> {
    return (await this.#rpc.call(procedures.secretDefineXml, { xml, flags }, options)).secret;
  }

  /** `virSecretSetValue`: at most 65536 bytes. */
  async setValue(secret: SecretRef, value: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.secretSetValue, { secret, value, flags: 0 }, options);
  }

  /** `virSecretGetValue`: a private secret is never told (INVALID_SECRET). */
  async value(secret: SecretRef, options?: CallOptions): Promise<Uint8Array> {
    return (await this.#rpc.call(procedures.secretGetValue, { secret, flags: 0 }, options)).value;
  }

  /** `virSecretUndefine`: the value is gone too. */
  async undefine(secret: SecretRef, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.secretUndefine, { secret }, options);
  }

  /** `virConnectSecretEventRegisterAny` for `VIR_SECRET_EVENT_ID_LIFECYCLE`: all, or one secret. */
  onLifecycle(listener: (event: SecretEvent) => void, secret?: SecretRef): Promise<Unsubscribe> {
    return this.#on(procedures.secretEventLifecycle, EVENT_LIFECYCLE, secret, (message) =>
      listener({ secret: message.secret, event: EVENTS[message.event] ?? 'other' }),
    );
  }

  /** `virConnectSecretEventRegisterAny` for `VIR_SECRET_EVENT_ID_VALUE_CHANGED`: all, or one secret. */
  onValueChanged(
    listener: (event: { readonly secret: SecretRef }) => void,
    secret?: SecretRef,
  ): Promise<Unsubscribe> {
    return this.#on(procedures.secretEventValueChanged, EVENT_VALUE_CHANGED, secret, (message) =>
      listener({ secret: message.secret }),
    );
  }

  #on<W extends { readonly callbackId: number }>(
    message: EventMessage<W>,
    eventId: number,
    secret: SecretRef | undefined,
    listener: (message: W) => void,
  ): Promise<Unsubscribe> {
    const wiring = {
      message,
      register: () => this.#rpc.call(procedures.connectSecretEventRegisterAny, { eventId, secret }),
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectSecretEventDeregisterAny, { callbackId }),
    };
    return this.#sources.subscribe(`${eventId} ${secret?.uuid ?? ''}`, wiring, listener);
  }
}
