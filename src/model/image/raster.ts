import { t } from '@vscode/l10n';

/** A picture without transparency: 3 bytes a pixel, line by line from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** More than any screen has: a header may claim anything. */
const PIXELS_MAX = 64 * 1024 * 1024;

/** A black picture. @throws RangeError for a size that is empty or larger than any screen. */
export function blankRaster(width: number, height: number): Raster {
  if (!(width > 0 && height > 0 && width * height <= PIXELS_MAX))
    throw new RangeError(t('A picture cannot have {0} × {1} pixels', width, height));
  return { width, height, rgb: Buffer.alloc(width * height * 3) };
}

/** The picture, at most `maxWidth` wide: each pixel is the mean of those it replaces. A smaller one stays as it is. */
export function shrunk(source: Raster, maxWidth: number): Raster {
  if (source.width <= maxWidth) return source;
  const ratio = source.width / maxWidth;
  const result = blankRaster(maxWidth, Math.max(1, Math.round(source.height / ratio)));
  for (let y = 0; y < result.height; y++)
    for (let x = 0; x < result.width; x++) {
      const left = Math.floor(x * ratio);
      const top = Math.min(Math.floor(y * ratio), source.height - 1);
      const right = Math.min(Math.max(left + 1, Math.floor((x + 1) * ratio)), source.width);
      const bottom = Math.min(Math.max(top + 1, Math.floor((y + 1) * ratio)), source.height);
      mean(source, { left, top, right, bottom }, result.rgb, (y * result.width + x) * 3);
    }
  return result;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function mean({ width, rgb }: Raster, { left, top, right, bottom }: Box, into: Buffer, at: number): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < bottom; y++)
    for (let from = (y * width + left) * 3; from < (y * width + right) * 3; from += 3) {
      red += rgb[from] ?? 0;
      green += rgb[from + 1] ?? 0;
      blue += rgb[from + 2] ?? 0;
    }
  const count = (right - left) * (bottom - top);
  into[at] = red / count;
  into[at + 1] = green / count;
  into[at + 2] = blue / count;
}
