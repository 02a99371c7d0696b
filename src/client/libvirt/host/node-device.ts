import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import type { EventMessage } from '../../rpc/procedure.ts';
import * as procedures from '../../rpc/procedures/node-device.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';

/** `virConnectListAllNodeDeviceFlags`: what a device can do, and whether it is there. */
export const ListNodeDevices = {
  SYSTEM: 0x1,
  PCI: 0x2,
  USB: 0x4,
  USB_INTERFACE: 0x8,
  NET: 0x10,
  SCSI_HOST: 0x20,
  SCSI_TARGET: 0x40,
  SCSI: 0x80,
  STORAGE: 0x100,
  FC_HOST: 0x200,
  VPORTS: 0x400,
  SCSI_GENERIC: 0x800,
  DRM: 0x1000,
  MDEV_TYPES: 0x2000,
  MDEV: 0x4000,
  CCW: 0x8000,
  CSS: 0x10000,
  VDPA: 0x20000,
  AP_CARD: 0x40000,
  AP_QUEUE: 0x80000,
  AP_MATRIX: 0x100000,
  VPD: 0x200000,
  INACTIVE: 0x40000000,
  ACTIVE: 0x80000000,
} as const;

/** `virNodeDeviceCreateXMLFlags` and `virNodeDeviceDefineXMLFlags`. */
export const DefineNodeDevice = { VALIDATE: 1 } as const;

const EVENTS = ['created', 'deleted', 'defined', 'undefined'] as const;
const EVENT_LIFECYCLE = 0;
const EVENT_UPDATE = 1;
const CAPABILITIES_MAX = 65536;

export interface NodeDeviceEvent {
  readonly device: string;
  readonly event: (typeof EVENTS)[number] | 'other';
}

/** The devices of the host, each known by its name, such as `pci_0000_00_1f_2`. */
export class NodeDevices {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /** `virConnectListAllNodeDevices` with {@link ListNodeDevices} flags; 0 lists the active ones. */
  async list(flags = 0, options?: CallOptions): Promise<readonly string[]> {
    const args = { needResults: true, flags };
    const { items } = await this.#rpc.call(procedures.connectListAllNodeDevices, args, options);
    return items.map(({ name }) => name);
  }

  /** `virNodeDeviceLookupByName`: NO_NODE_DEVICE when there is none. */
  async lookupByName(name: string, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nodeDeviceLookupByName, { name }, options)).device.name;
  }

  /** `virNodeDeviceLookupSCSIHostByWWN`. */
  async lookupScsiHost(wwnn: string, wwpn: string, options?: CallOptions): Promise<string> {
    const args = { wwnn, wwpn, flags: 0 };
    return (await this.#rpc.call(procedures.nodeDeviceLookupScsiHostByWwn, args, options)).device.name;
  }

  /** `virNodeDeviceGetXMLDesc`. */
  async xml(name: string, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nodeDeviceGetXmlDesc, { name, flags: 0 }, options)).xml;
  }

  /** `virNodeDeviceGetParent`: undefined for the root of the tree. */
  async parent(name: string, options?: CallOptions): Promise<string | undefined> {
    return (await this.#rpc.call(procedures.nodeDeviceGetParent, { name }, options)).parent;
  }

  /** `virNodeDeviceListCaps`: what it can do, such as `pci` and `net`. */
  async capabilities(name: string, options?: CallOptions): Promise<readonly string[]> {
    const args = { name, max: CAPABILITIES_MAX };
    return (await this.#rpc.call(procedures.nodeDeviceListCaps, args, options)).names;
  }

  /** `virNodeDeviceIsActive`: a mediated device may be defined but not be there. */
  async isActive(name: string, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.nodeDeviceIsActive, { name }, options)).active;
  }

  /** `virNodeDeviceIsPersistent`. */
  async isPersistent(name: string, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.nodeDeviceIsPersistent, { name }, options)).persistent;
  }

  /** `virNodeDeviceGetAutostart`. */
  async autostart(name: string, options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.nodeDeviceGetAutostart, { name }, options)).autostart;
  }

  /** `virNodeDeviceSetAutostart`. */
  async setAutostart(name: string, autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceSetAutostart, { name, autostart }, options);
  }

  /** `virNodeDeviceCreateXML` with {@link DefineNodeDevice}: a virtual port or mediated device. Its name. */
  async createXml(xml: string, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nodeDeviceCreateXml, { xml, flags }, options)).device.name;
  }

  /** `virNodeDeviceDestroy`: removes what {@link createXml} or {@link start} made. */
  async destroy(name: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceDestroy, { name }, options);
  }

  /** `virNodeDeviceDefineXML` with {@link DefineNodeDevice}: a mediated device, for later. Its name. */
  async defineXml(xml: string, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.nodeDeviceDefineXml, { xml, flags }, options)).device.name;
  }

  /** `virNodeDeviceUndefine`. */
  async undefine(name: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceUndefine, { name, flags: 0 }, options);
  }

  /** `virNodeDeviceCreate`: makes a defined one. */
  async start(name: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceCreate, { name, flags: 0 }, options);
  }

  /** `virNodeDeviceDetachFlags`: takes it from the host's driver, so that a guest can have it. */
  async detach(name: string, driver?: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceDetachFlags, { name, driver, flags: 0 }, options);
  }

  /** `virNodeDeviceReAttach`: gives it back to the host. */
  async reattach(name: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceReAttach, { name }, options);
  }

  /** `virNodeDeviceReset`: a detached one. */
  async reset(name: string, options?: CallOptions): Promise<void> {
    await this.#rpc.call(procedures.nodeDeviceReset, { name }, options);
  }

  /** `virConnectNodeDeviceEventRegisterAny` for `VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE`: all, or one device. */
  onLifecycle(listener: (event: NodeDeviceEvent) => void, device?: string): Promise<Unsubscribe> {
    return this.#on(procedures.nodeDeviceEventLifecycle, EVENT_LIFECYCLE, device, (message) =>
      listener({ device: message.device.name, event: EVENTS[message.event] ?? 'other' }),
    );
  }

  /** `virConnectNodeDeviceEventRegisterAny` for `VIR_NODE_DEVICE_EVENT_ID_UPDATE`: its XML is another one. */
  onUpdate(listener: (event: { readonly device: string }) => void, device?: string): Promise<Unsubscribe> {
    return this.#on(procedures.nodeDeviceEventUpdate, EVENT_UPDATE, device, (message) =>
      listener({ device: message.device.name }),
    );
  }

  #on<W extends { readonly callbackId: number }>(
    message: EventMessage<W>,
    eventId: number,
    name: string | undefined,
    listener: (message: W) => void,
  ): Promise<Unsubscribe> {
    const device = name === undefined ? undefined : { name };
    const wiring = {
      message,
      register: () => this.#rpc.call(procedures.connectNodeDeviceEventRegisterAny, { eventId, device }),
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectNodeDeviceEventDeregisterAny, { callbackId }),
    };
    return this.#sources.subscribe(`${eventId} ${name ?? ''}`, wiring, listener);
  }
}
