import { t } from '@vscode/l10n';
import { blankRaster, type Raster } from './raster.ts';

const HEADER = /^P6\s+(?:#[^\n]*\n\s*)*(\d{1,5})\s+(\d{1,5})\s+255\s/;

/** Reads a binary PPM, which older versions of libvirt send. @throws Error for any other file. */
export function readPpm(file: Buffer): Raster {
  const header = HEADER.exec(file.subarray(0, 512).toString('latin1'));
  if (header === null) throw new Error(t('This is not a PPM picture'));
  const raster = blankRaster(Number(header[1]), Number(header[2]));
  const pixels = file.subarray(header[0].length);
  if (pixels.length < raster.rgb.length) throw new Error(t('The PPM picture is cut off'));
  pixels.copy(raster.rgb);
  return raster;
}
