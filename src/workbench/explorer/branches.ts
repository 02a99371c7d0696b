import type { Branch } from './branch.ts';
import { networkBranch } from './network/branch.ts';
import { poolBranch } from './pool/branch.ts';

/** What a host shows beside its domains, from the top down. */
export const BRANCHES: readonly Branch[] = [poolBranch, networkBranch];
