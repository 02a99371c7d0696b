import { nothing, optional, string, struct, uhyper, uint } from '../codec.ts';
import { remote } from '../procedure.ts';
import { domainRef } from '../types.ts';
import { volumeRef } from './storage-volume.ts';

/** The calls that open a stream: its bytes follow under the call's own number and serial. */
const device = struct({ domain: domainRef, device: optional(string), flags: uint });
const range = struct({ volume: volumeRef, offset: uhyper, length: uhyper, flags: uint });

export const domainOpenConsole = remote(201, 'DOMAIN_OPEN_CONSOLE', device, nothing);
export const domainOpenChannel = remote(296, 'DOMAIN_OPEN_CHANNEL', device, nothing);
export const domainScreenshot = remote(
  211,
  'DOMAIN_SCREENSHOT',
  struct({ domain: domainRef, screen: uint, flags: uint }),
  struct({ mimeType: optional(string) }),
);
export const storageVolUpload = remote(208, 'STORAGE_VOL_UPLOAD', range, nothing);
export const storageVolDownload = remote(209, 'STORAGE_VOL_DOWNLOAD', range, nothing);
