import { isLeaveKey, type LeaveKey } from './leave-key.ts';

/** What the extension host tells the page of a display, and what the page answers. Both check what they get. */

export type Scale = 'fit' | 'actual';

/** What a person can do about a screen that is not there, or stands still. */
const ACTIONS = ['start', 'resume', 'retry', 'addVnc', 'remoteViewer'] as const;
export type Action = (typeof ACTIONS)[number];

/** What a button beside a text does, and its words: the page has none of its own. */
export interface Button {
  readonly action: Action;
  readonly label: string;
}

/** What a client found wrong with what the server sent: the extension puts it into words. */
export interface Complaint {
  /**
   * A screen, drawing or mouse pointer that is out of bounds; `protocol` is anything else that the client could make
   * no sense of.
   */
  readonly fault: 'size' | 'outside' | 'pointer' | 'protocol';
  /** The size in pixels, or what noVNC said; may be empty. */
  readonly detail: string;
}

/** Who has the keyboard, in words for those who see and those who hear them. */
export interface KeyboardWords {
  /** What the screen is, such as: Screen of web-01. */
  readonly screen: string;
  /** How to take the keyboard back. */
  readonly leave: string;
  /** It was taken back. */
  readonly left: string;
  /** The button that gives it to the guest again. */
  readonly back: string;
}

export interface KeyStroke {
  /** As in X11. */
  readonly keysym: number;
  /** The key's place on the keyboard, as `KeyboardEvent.code`; empty when it has none. */
  readonly code: string;
}

export type ToDisplay =
  | { readonly type: 'open' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** There is no picture any more, or not yet; `keepsLast`: the last one stays behind the text. */
  | {
      readonly type: 'closed';
      readonly text: string;
      readonly buttons: readonly Button[];
      readonly keepsLast: boolean;
    }
  /** The picture stands still, and the text says why; an empty one: it is as usual. */
  | { readonly type: 'still'; readonly text: string; readonly buttons: readonly Button[] }
  | { readonly type: 'settings'; readonly scale: Scale; readonly viewOnly: boolean }
  | { readonly type: 'keyboard'; readonly key: LeaveKey; readonly words: KeyboardWords }
  /** What the display is of, for when it is brought back with its window. */
  | { readonly type: 'remember'; readonly host: string; readonly uuid: string }
  /** Pressed in this order, and let go the other way round. */
  | { readonly type: 'keys'; readonly keys: readonly KeyStroke[] }
  | { readonly type: 'paste'; readonly text: string };

export type FromDisplay =
  /** The page was loaded and waits. */
  | { readonly type: 'ready' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** How many more bytes were dealt with. */
  | { readonly type: 'taken'; readonly bytes: number }
  /** A guest fills the clipboard: within seconds of a key or button that a person pressed in it, or unasked. */
  | { readonly type: 'clipboard'; readonly text: string; readonly afterInput: boolean }
  /** The guest's screen is there, in so many pixels. */
  | { readonly type: 'screen'; readonly width: number; readonly height: number }
  | { readonly type: 'failed'; readonly complaint: Complaint }
  | { readonly type: 'action'; readonly action: Action };

/** In characters. Longer texts are passed over, from a guest as well as to it. */
export const CLIPBOARD_MAX = 256 * 1024;
const DETAIL_MAX = 500;
const MESSAGE_MAX = 1024 * 1024;

/** Undefined for anything that is no such message: a webview runs code that deals with a guest's bytes. */
export function fromDisplay(message: unknown): FromDisplay | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, bytes, text, afterInput, width, height, complaint, action } = message as Partial<
    Record<string, unknown>
  >;
  switch (type) {
    case 'ready':
      return { type };
    case 'data':
      return bytes instanceof Uint8Array && bytes.length <= MESSAGE_MAX ? { type, bytes } : undefined;
    case 'taken':
      return isCount(bytes) ? { type, bytes } : undefined;
    case 'clipboard':
      return typeof text === 'string' && text.length <= CLIPBOARD_MAX && typeof afterInput === 'boolean'
        ? { type, text, afterInput }
        : undefined;
    case 'screen':
      return isCount(width) && isCount(height) ? { type, width, height } : undefined;
    case 'failed':
      return isComplaint(complaint)
        ? { type, complaint: { ...complaint, detail: complaint.detail.slice(0, DETAIL_MAX) } }
        : undefined;
    case 'action':
      return isAction(action) ? { type, action } : undefined;
    default:
      return undefined;
  }
}

/** Undefined for anything else, such as messages that extensions of the browser send to every page. */
export function toDisplay(message: unknown): ToDisplay | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, bytes, text, buttons, keepsLast, scale, viewOnly, keys, host, uuid, key, words } =
    message as Partial<Record<string, unknown>>;
  switch (type) {
    case 'open':
      return { type };
    case 'data':
      return bytes instanceof Uint8Array ? { type, bytes } : undefined;
    case 'closed':
      return typeof text === 'string' && areButtons(buttons) && typeof keepsLast === 'boolean'
        ? { type, text, buttons, keepsLast }
        : undefined;
    case 'still':
      return typeof text === 'string' && areButtons(buttons) ? { type, text, buttons } : undefined;
    case 'keyboard':
      return isLeaveKey(key) && areWords(words) ? { type, key, words } : undefined;
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

function isAction(value: unknown): value is Action {
  return (ACTIONS as readonly unknown[]).includes(value);
}

function areButtons(value: unknown): value is readonly Button[] {
  return Array.isArray(value) && value.every(isButton);
}

function isButton(value: unknown): value is Button {
  if (typeof value !== 'object' || value === null) return false;
  const { action, label } = value as Partial<Record<string, unknown>>;
  return isAction(action) && typeof label === 'string';
}

function areWords(value: unknown): value is KeyboardWords {
  if (typeof value !== 'object' || value === null) return false;
  const { screen, leave, left, back } = value as Partial<Record<string, unknown>>;
  return [screen, leave, left, back].every((word) => typeof word === 'string');
}

const FAULTS: readonly unknown[] = ['size', 'outside', 'pointer', 'protocol'] satisfies Complaint['fault'][];

function isComplaint(value: unknown): value is Complaint {
  if (typeof value !== 'object' || value === null) return false;
  const { fault, detail } = value as Partial<Record<string, unknown>>;
  return FAULTS.includes(fault) && typeof detail === 'string';
}
