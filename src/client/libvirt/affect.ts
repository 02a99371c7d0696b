/**
 * `virDomainModificationImpact`: what a change applies to. With neither it is the running domain when it runs,
 * its definition otherwise.
 */
export const Affect = { LIVE: 1, CONFIG: 2 } as const;
