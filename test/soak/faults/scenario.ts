import type { PrivateDaemon } from '../../support/private-daemon.ts';
import { Random } from '../fuzz/random.ts';

/** What a fault is caused with. */
export interface Scene {
  readonly daemon: PrivateDaemon;
  readonly random: Random;
}

/** Causes a fault once and throws an Error when what follows is not as it should be. */
export type Scenario = (scene: Scene) => Promise<void>;

export function sceneOf(daemon: PrivateDaemon, seed: number): Scene {
  return { daemon, random: new Random(seed) };
}
