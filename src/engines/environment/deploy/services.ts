import type { GuestType } from '../../../model/guest/guest-spec.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Forwards } from './forwards.ts';
import type { Phase } from './phase.ts';

/** What Up needs from the place where it runs. */
export interface Services {
  /** Names the kvm.yaml on this machine. */
  readonly id: string;
  readonly file: string;
  /** A private folder for the keys of this workspace. It need not be there yet. */
  readonly folder: string;
  readonly images: ImageStore;
  readonly forwards: Forwards;
  /** Tells what a guest waits for now. */
  report(guest: string, phase: Phase): void;
  /** Live output of scripts and other text for a person. */
  output(guest: string, text: string): void;
  /** What a person chose over `auto` when a boot made no progress. */
  acceleration(guest: string): GuestType | undefined;
  /** The guest makes no progress with the acceleration that `auto` chose: emulation may be faster. */
  stalled(guest: string): void;
}
