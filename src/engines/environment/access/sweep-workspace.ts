import { type Residue, SOON_FORGOTTEN_MS, sweep } from '../../../model/files/sweep.ts';

/** Seeds with a private key, and a config, that a killed process of the first release was about to write. */
const RESIDUES: readonly Residue[] = [
  { form: /-seed\.iso\.[A-Za-z0-9]{6}$/u, forgottenMs: SOON_FORGOTTEN_MS },
  { form: /^ssh_config\.part$/u, forgottenMs: SOON_FORGOTTEN_MS },
];

/** Removes from the private folder of a workspace what processes that died have left there. */
export async function sweepWorkspace(folder: string): Promise<void> {
  await sweep(folder, RESIDUES);
}
