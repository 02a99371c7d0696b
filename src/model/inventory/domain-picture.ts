import type { Screenshot } from '../../client/libvirt/domain/streams.ts';
import type { CallOptions } from '../../client/rpc/connection.ts';
import { readPng, writePng } from '../image/png.ts';
import { readPpm } from '../image/ppm.ts';
import { type Raster, shrunk } from '../image/raster.ts';
import { refOf } from './kinds/domain-record.ts';
import type { DomainTarget } from './domain-target.ts';

/** `virDomainScreenshot` of the first screen, as PNG whatever the hypervisor made. @throws Error. */
export async function takePicture(target: DomainTarget, options?: CallOptions): Promise<Buffer> {
  const shot = await take(target, options);
  return shot.mimeType === 'image/png' ? shot.image : writePng(rasterOf(shot));
}

/** The same, small: a PNG that is so wide at most. */
export async function takeThumbnail(
  target: DomainTarget,
  width: number,
  options?: CallOptions,
): Promise<Buffer> {
  return writePng(shrunk(rasterOf(await take(target, options)), width));
}

async function take(target: DomainTarget, options?: CallOptions): Promise<Screenshot> {
  const connection = await target.host.connect();
  const { record } = target;
  if (record === undefined) throw new Error('It is no longer there');
  return connection.domainStreams.screenshot(refOf(record), 0, options);
}

function rasterOf({ mimeType, image }: Screenshot): Raster {
  if (mimeType === 'image/png') return readPng(image);
  if (mimeType === 'image/x-portable-pixmap') return readPpm(image);
  throw new Error(`The hypervisor made a picture of the kind ${mimeType ?? 'that it does not name'}`);
}
