import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../../../model/inventory/host.ts';
import { isThisMachine } from '../../../model/inventory/place.ts';
import { takeAway } from '../../../model/operations/volume/bring-file.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { processStart, type SessionNote, type SessionNotes } from './notes.ts';
import { monitor, type Stub, switchOff, switchOn } from '../stub/stub.ts';

/** How long a guest that is recorded runs on after its session. */
const AFTERMATH_MS = 300;

/** How long libvirt may take to see that a guest is gone, and how often it is asked. */
const DEPARTURE_MS = 2_000;
const DEPARTURE_STEP_MS = 100;

/** Where a debugger on this machine gets to the stub. */
export type StubAddress = { readonly port: number } | { readonly path: string };

interface Subject {
  readonly host: Host;
  readonly connection: Connection;
  readonly domain: DomainRef;
  /** How it was before anybody debugged it. */
  readonly found: 'running' | 'paused';
  /** It was made or started for this, and goes with it. */
  readonly launched: boolean;
  /** Folders of ours that go with it. */
  readonly folders: readonly string[];
  /** Copies of ours on its host that go with it. */
  readonly uploads: readonly string[];
  /** What it does is recorded: it runs on for a moment, since a replay ends before the last that was recorded. */
  readonly recorded: boolean;
}

/**
 * A guest that is open to a debugger: from before its stub is switched on until it is off again and the guest is
 * as it was found. Whatever happens to the editor in between, a note says what is to be undone.
 */
export class GuestSession {
  readonly id: string;
  readonly subject: Subject;
  readonly address: StubAddress;
  readonly #stub: Stub;
  readonly #notes: SessionNotes;
  readonly #release: () => Promise<void>;
  #ending: Promise<boolean> | undefined;

  private constructor(
    note: SessionNote,
    subject: Subject,
    stub: Stub,
    way: { readonly address: StubAddress; readonly release: () => Promise<void> },
    notes: SessionNotes,
  ) {
    this.id = note.id;
    this.subject = subject;
    this.address = way.address;
    this.#stub = stub;
    this.#release = way.release;
    this.#notes = notes;
  }

  static async open(
    subject: Subject,
    notes: SessionNotes,
    onError: (error: Error) => void,
  ): Promise<GuestSession> {
    const { connection, domain } = subject;
    const note = await noteOf(subject);
    await notes.write(note);
    let stub: Stub;
    try {
      stub = await switchOn(connection, domain);
    } catch (error) {
      await notes.remove(note.id);
      throw error;
    }
    try {
      const way = await wayTo(connection, stub.port, onError);
      return new GuestSession(note, subject, stub, way, notes);
    } catch (error) {
      await undo(connection, { ...subject, stub });
      await notes.remove(note.id);
      throw error;
    }
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /**
   * Leaves the guest as it was found. False when it was gone already. Those who call it again wait for the same end.
   * @throws Error when it cannot.
   */
  end(): Promise<boolean> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<boolean> {
    let wasThere: boolean;
    try {
      // The link may have been lost meanwhile.
      const connection = await this.subject.host.connect();
      wasThere = await undo(connection, { ...this.subject, stub: this.#stub });
      await takeAway(connection, this.subject.uploads);
    } finally {
      await this.#release();
    }
    for (const folder of this.subject.folders) await rm(folder, { recursive: true, force: true });
    await this.#notes.remove(this.id);
    return wasThere;
  }
}

async function noteOf({ host, domain, found, launched, folders, uploads }: Subject): Promise<SessionNote> {
  return {
    id: randomUUID(),
    pid: process.pid,
    processStart: await processStart(process.pid),
    host: host.id,
    uuid: domain.uuid,
    domainName: domain.name,
    domainId: domain.id,
    found,
    launched,
    folders,
    uploads,
  };
}

/** A port of this machine's own is there as it is; one of another machine is reached through its connection. */
async function wayTo(
  connection: Connection,
  port: number,
  onError: (error: Error) => void,
): Promise<{ address: StubAddress; release: () => Promise<void> }> {
  if (isThisMachine(connection.uri)) return { address: { port }, release: () => Promise.resolve() };
  const socket = await connection.openLocalSocket({ port }, onError);
  return { address: { path: socket.path }, release: () => socket.dispose() };
}

interface Undoing {
  readonly domain: DomainRef;
  readonly found: 'running' | 'paused';
  readonly launched: boolean;
  readonly recorded: boolean;
  readonly stub: Stub;
}

/** Does nothing to a domain that is gone or was started again: that one has nothing of ours. Returns whether it was there. */
async function undo(connection: Connection, guest: Undoing): Promise<boolean> {
  const { domain, found, launched, recorded, stub } = guest;
  if (!(await stillRuns(connection, domain))) return false;
  try {
    if (recorded) {
      await switchOff(connection, domain, stub);
      await monitor(connection, domain, 'cont');
      await delay(AFTERMATH_MS);
    }
    if (launched) {
      await connection.domains.destroy(domain);
      return true;
    }
    await switchOff(connection, domain, stub);
    await restoreRunState(connection, domain, found);
    return true;
  } catch (error) {
    if (await goesOn(connection, domain)) throw error;
    return false;
  }
}

/** A guest that is forced off is gone for whoever talks to it before it is gone for libvirt. */
async function goesOn(connection: Connection, domain: DomainRef): Promise<boolean> {
  for (const deadline = performance.now() + DEPARTURE_MS; performance.now() < deadline;) {
    if (!(await stillRuns(connection, domain))) return false;
    await delay(DEPARTURE_STEP_MS);
  }
  return true;
}

/** The monitor is asked and told, since libvirt hears of what a debugger does only a moment later. */
export async function restoreRunState(
  connection: Connection,
  domain: DomainRef,
  found: 'running' | 'paused',
): Promise<void> {
  const paused = /VM status: (?!running)/.test(await monitor(connection, domain, 'info status'));
  if (paused && found === 'running') await monitor(connection, domain, 'cont');
  if (!paused && found === 'paused') await monitor(connection, domain, 'stop');
}

export async function stillRuns(connection: Connection, domain: DomainRef): Promise<boolean> {
  try {
    const now = await connection.domains.lookupByUuid(domain.uuid);
    return now.id === domain.id && isActive((await connection.domains.state(now)).state);
  } catch (error) {
    if (isLibvirtError(error) && error.code === ErrorCode.NO_DOMAIN) return false;
    throw error;
  }
}
