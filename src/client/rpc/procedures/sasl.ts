import { t } from '@vscode/l10n';
import { type Codec, flag, nothing, string, struct } from '../codec.ts';
import { remote } from '../procedure.ts';

const DATA_MAX = 65536;

/** The protocol calls these bytes chars, and XDR gives each char an int of its own. */
const chars: Codec<Uint8Array> = {
  write: (writer, value) => {
    if (value.length > DATA_MAX)
      throw new RangeError(t('Data of {0} bytes exceeds its limit of {1}', value.length, DATA_MAX));
    writer.uint(value.length);
    for (const byte of value) writer.int(byte);
  },
  read: (reader) => {
    const bytes = new Uint8Array(reader.length(DATA_MAX, 4));
    for (let index = 0; index < bytes.length; index++) bytes[index] = reader.int() & 0xff;
    return bytes;
  },
  minBytes: 4,
};

/** SASL tells no data from empty data: `nil` says that there is none. */
const data = { nil: flag, data: chars };
const answer = struct({ complete: flag, ...data });

/** `mechanisms` are separated by commas. */
export const authSaslInit = remote(67, 'AUTH_SASL_INIT', nothing, struct({ mechanisms: string }));
export const authSaslStart = remote(68, 'AUTH_SASL_START', struct({ mechanism: string, ...data }), answer);
export const authSaslStep = remote(69, 'AUTH_SASL_STEP', struct(data), answer);
