/** What the extension host tells a display, and what that answers. Both sides check what they get. */

export type Scale = 'fit' | 'actual';

export interface KeyStroke {
  /** As in X11. */
  readonly keysym: number;
  /** The key's place on the keyboard, as `KeyboardEvent.code`; empty when it has none. */
  readonly code: string;
}

export type ToDisplay =
  | { readonly type: 'open' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'closed'; readonly text: string; readonly action: 'start' | 'retry' | undefined }
  | { readonly type: 'settings'; readonly scale: Scale; readonly viewOnly: boolean }
  /** What the display is of, for when it is brought back with its window. */
  | { readonly type: 'remember'; readonly host: string; readonly uuid: string }
  /** Pressed in this order, and let go the other way round. */
  | { readonly type: 'keys'; readonly keys: readonly KeyStroke[] }
  | { readonly type: 'paste'; readonly text: string };

export type FromDisplay =
  /** It was loaded and waits. */
  | { readonly type: 'ready' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** So many bytes were dealt with. */
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'clipboard'; readonly text: string }
  /** The guest's screen is there, in so many pixels. */
  | { readonly type: 'screen'; readonly width: number; readonly height: number }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'action'; readonly action: 'start' | 'retry' };

/** Longer texts of a guest are not taken over, and none is sent. In characters. */
export const CLIPBOARD_MAX = 256 * 1024;
const WHY_MAX = 500;
const MESSAGE_MAX = 1024 * 1024;

/** Undefined for what is none: a webview runs code that deals with a guest's bytes. */
export function fromDisplay(message: unknown): FromDisplay | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, bytes, text, width, height, why, action } = message as Partial<Record<string, unknown>>;
  switch (type) {
    case 'ready':
      return { type };
    case 'data':
      return bytes instanceof Uint8Array && bytes.length <= MESSAGE_MAX ? { type, bytes } : undefined;
    case 'taken':
      return isCount(bytes) ? { type, bytes } : undefined;
    case 'clipboard':
      return typeof text === 'string' && text.length <= CLIPBOARD_MAX ? { type, text } : undefined;
    case 'screen':
      return isCount(width) && isCount(height) ? { type, width, height } : undefined;
    case 'failed':
      return typeof why === 'string' ? { type, why: why.slice(0, WHY_MAX) } : undefined;
    case 'action':
      return action === 'start' || action === 'retry' ? { type, action } : undefined;
    default:
      return undefined;
  }
}

/** Undefined for what is none, such as messages that extensions of the browser send to every page. */
export function toDisplay(message: unknown): ToDisplay | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, bytes, text, action, scale, viewOnly, keys, host, uuid } = message as Partial<
    Record<string, unknown>
  >;
  switch (type) {
    case 'open':
      return { type };
    case 'data':
      return bytes instanceof Uint8Array ? { type, bytes } : undefined;
    case 'closed':
      return typeof text === 'string'
        ? { type, text, action: action === 'start' || action === 'retry' ? action : undefined }
        : undefined;
    case 'settings':
      return (scale === 'fit' || scale === 'actual') && typeof viewOnly === 'boolean'
        ? { type, scale, viewOnly }
        : undefined;
    case 'remember':
      return typeof host === 'string' && typeof uuid === 'string' ? { type, host, uuid } : undefined;
    case 'keys':
      return Array.isArray(keys) && keys.every(isKeyStroke) ? { type, keys } : undefined;
    case 'paste':
      return typeof text === 'string' && text.length <= CLIPBOARD_MAX ? { type, text } : undefined;
    default:
      return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isKeyStroke(value: unknown): value is KeyStroke {
  if (typeof value !== 'object' || value === null) return false;
  const { keysym, code } = value as Partial<Record<string, unknown>>;
  return isCount(keysym) && typeof code === 'string';
}
