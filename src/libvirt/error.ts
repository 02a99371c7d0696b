import { RemoteError } from '../rpc/error.ts';

/** The `virErrorNumber` values that this project acts on. */
export const ErrorCode = {
  NO_SUPPORT: 3,
  INVALID_ARG: 8,
  OPERATION_FAILED: 9,
  XML_ERROR: 27,
  AUTH_FAILED: 45,
  NO_DOMAIN: 42,
  NO_STORAGE_VOL: 50,
  OPERATION_INVALID: 55,
  OPERATION_TIMEOUT: 68,
  OPERATION_DENIED: 29,
  AUTH_CANCELLED: 79,
  AUTH_UNAVAILABLE: 80,
  OPERATION_UNSUPPORTED: 84,
  ACCESS_DENIED: 88,
} as const;

/** Whether libvirt refused a call with one of these codes. */
export function isLibvirtError(error: unknown, ...codes: readonly number[]): error is RemoteError {
  return error instanceof RemoteError && (codes.length === 0 || codes.includes(error.code));
}
