import { flag, nothing, string, struct } from '../codec.ts';
import { remote } from '../procedure.ts';
import { opaque } from '../types.ts';

const DATA_MAX = 65536;

/** SASL tells no data from empty data: `nil` says that there is none. */
const data = { nil: flag, data: opaque(DATA_MAX) };
const answer = struct({ complete: flag, ...data });

/** `mechanisms` are separated by commas. */
export const authSaslInit = remote(67, 'AUTH_SASL_INIT', nothing, struct({ mechanisms: string }));
export const authSaslStart = remote(68, 'AUTH_SASL_START', struct({ mechanism: string, ...data }), answer);
export const authSaslStep = remote(69, 'AUTH_SASL_STEP', struct(data), answer);
