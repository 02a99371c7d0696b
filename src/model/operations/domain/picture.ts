import { t } from '@vscode/l10n';
import type { Screenshot } from '../../../client/libvirt/domain/streams.ts';
import { readPng, writePng } from '../../image/png.ts';
import { readPpm } from '../../image/ppm.ts';
import { type Raster, shrunk } from '../../image/raster.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { askDomain } from './on-domain.ts';

/** How large the picture may be. */
export interface PictureChoices {
  /** In pixels; as wide as the screen by default. */
  readonly maxWidth?: number;
}

/**
 * `virDomainScreenshot` of the first screen, as PNG whatever the hypervisor made.
 * @throws GoneError, RemoteError, OperationError for a format that is not known
 */
export async function takePicture(
  target: DomainTarget,
  { maxWidth }: PictureChoices,
  options: OperationOptions = {},
): Promise<Buffer> {
  const shot = await askDomain(target, ({ connection, ref }) =>
    connection.domainStreams.screenshot(ref, 0, options),
  );
  if (maxWidth !== undefined) return writePng(shrunk(rasterOf(shot), maxWidth));
  return shot.mimeType === 'image/png' ? shot.image : writePng(rasterOf(shot));
}

function rasterOf({ mimeType, image }: Screenshot): Raster {
  if (mimeType === 'image/png') return readPng(image);
  if (mimeType === 'image/x-portable-pixmap') return readPpm(image);
  throw new OperationError(
    'picture',
    mimeType === undefined
      ? t('The hypervisor does not say in which format its picture is')
      : t('The hypervisor made a picture in the format {0}, which cannot be read here', mimeType),
  );
}
