/** A machine type of QEMU's. */
export interface MachineType {
  readonly name: string;
  /** The machine that an alias such as `q35` stands for. */
  readonly canonical: string | undefined;
  readonly maxVcpus: number | undefined;
}

/** What a host's capabilities say of one architecture. */
export interface GuestCapabilities {
  readonly arch: string;
  readonly emulator: string | undefined;
  /** Such as `kvm` and `qemu`. */
  readonly domainTypes: readonly string[];
  readonly machines: readonly MachineType[];
}

/** What a host's domain capabilities say of one machine. */
export interface DomainCapabilities {
  readonly maxVcpus: number | undefined;
  /** The firmware that libvirt can choose, such as `efi`. */
  readonly firmware: readonly string[];
  /** Paths of firmware files. */
  readonly loaders: readonly string[];
  /** Known CPU models, and whether the host can run them; undefined when it does not say. */
  readonly cpuModels: ReadonlyMap<string, boolean> | undefined;
  /** Modes of `<cpu>`, and whether the host has them. */
  readonly cpuModes: ReadonlyMap<string, boolean>;
  /** What the host has, by element and enum: `disk/bus`, `loader/secure`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** Devices that the host does not have at all. */
  readonly unsupported: ReadonlySet<string>;
}

/** Which machine a host's domain capabilities are asked for; what is left out libvirt chooses. */
export interface MachineQuery {
  readonly emulator?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly virtType?: string;
}

export interface NetworkOffer {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly bridge: string | undefined;
  readonly portGroups: readonly string[];
}

export interface PoolOffer {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  /** Its folder, for pools of files. */
  readonly folder: string | undefined;
  /** Undefined as long as the pool is not active: nobody knows what is in it. */
  readonly volumes: readonly { readonly name: string; readonly path: string }[] | undefined;
}

export interface DeviceOffer {
  /** For a person: the maker and what it is; libvirt's name of it where nobody says. */
  readonly label: string;
  /** In hexadecimal with 0x. */
  readonly pci?: {
    readonly domain: string;
    readonly bus: string;
    readonly slot: string;
    readonly function: string;
  };
  /** In hexadecimal with 0x. */
  readonly usb?: { readonly vendor: string; readonly product: string };
}

/** All on a host that a document can refer to. */
export interface HostOffer {
  readonly networks: readonly NetworkOffer[];
  readonly pools: readonly PoolOffer[];
  readonly interfaces: readonly string[];
  readonly secrets: readonly { readonly uuid: string; readonly usage: string }[];
  readonly filters: readonly string[];
  readonly devices: readonly DeviceOffer[];
  /** The host's own architecture first: a domain that names none gets that one. */
  readonly guests: readonly GuestCapabilities[];
}
