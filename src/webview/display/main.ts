import { PostedChannel } from './channel.ts';
import { GuestRfb } from './guest-rfb.ts';
import { ClipboardGate } from './clipboard.ts';
import {
  type Button,
  type Complaint,
  type FromDisplay,
  type KeyStroke,
  type Scale,
  toDisplay,
} from './messages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromDisplay): void;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const screen = element('screen');
const notice = element('notice');
const noticeText = element('notice-text');
const noticeButton = element('notice-button');
const hint = element('hint');
const clipboard = new ClipboardGate((filling) => vscode.postMessage({ type: 'clipboard', ...filling }));

/** How long the hint says how to release a captured mouse. */
const HINT_MS = 4_000;

/** So long, as browsers do it, a key or button that was pressed counts as a wish to copy. */
const INPUT_MS = 5_000;

let lastInput = -INPUT_MS;
let rfb: GuestRfb | undefined;
let channel: PostedChannel | undefined;
let scale: Scale = 'fit';
let viewOnly = false;
let frames = 0;
let hintTimer = 0;
let offered: Button | undefined;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`The page has no #${id}`);
  return found;
}

function open(): void {
  close();
  notice.hidden = true;
  channel = new PostedChannel((bytes) => vscode.postMessage({ type: 'data', bytes }));
  const client = new GuestRfb(screen, channel);
  rfb = client;
  client.background = 'transparent';
  client.showDotCursor = true;
  client.onScreen = (width, height) => {
    screen.dataset['size'] = `${width}x${height}`;
    vscode.postMessage({ type: 'screen', width, height });
  };
  client.onFrame = () => {
    frames++;
    screen.dataset['frames'] = String(frames);
  };
  client.addEventListener('connect', () => {
    // A guest that starts must not take the keyboard from somebody who types elsewhere.
    if (document.hasFocus()) client.focus();
  });
  client.addEventListener('clipboard', (event) => {
    const { text } = (event as CustomEvent<{ text: string }>).detail;
    clipboard.offer({ text, afterInput: performance.now() - lastInput < INPUT_MS });
  });
  client.addEventListener('disconnect', (event) => {
    const { detail } = event as CustomEvent<{ clean: boolean }>;
    if (rfb === client && !detail.clean) fail(client.complaint);
  });
  settle();
}

function close(): void {
  const client = rfb;
  rfb = undefined;
  channel = undefined;
  delete screen.dataset['frames'];
  frames = 0;
  client?.disconnect();
}

function receive(bytes: Uint8Array): void {
  try {
    channel?.receive(bytes);
  } catch (error) {
    // Whatever it was, it came from the guest's side.
    fail({ fault: 'protocol', detail: error instanceof Error ? error.message : String(error) });
  }
  vscode.postMessage({ type: 'taken', bytes: bytes.length });
}

function fail(complaint: Complaint): void {
  close();
  vscode.postMessage({ type: 'failed', complaint });
}

function settle(): void {
  document.body.dataset['scale'] = scale;
  if (rfb === undefined) return;
  rfb.viewOnly = viewOnly;
  rfb.scaleViewport = scale === 'fit';
  // Where the guest's screen can follow, it takes the size of the tab.
  rfb.resizeSession = scale === 'fit' && !viewOnly;
}

function press(chord: readonly KeyStroke[]): void {
  for (const { keysym, code } of chord) rfb?.sendKey(keysym, code, true);
  for (const { keysym, code } of chord.toReversed()) rfb?.sendKey(keysym, code, false);
}

function showNotice(text: string, button: Button | undefined): void {
  close();
  noticeText.textContent = text;
  offered = button;
  noticeButton.hidden = button === undefined;
  noticeButton.textContent = button?.label ?? '';
  notice.hidden = false;
}

noticeButton.addEventListener('click', () => {
  if (offered !== undefined) vscode.postMessage({ type: 'action', action: offered.action });
});
document.addEventListener('pointerlockchange', () => {
  window.clearTimeout(hintTimer);
  hint.hidden = document.pointerLockElement === null;
  if (!hint.hidden) hintTimer = window.setTimeout(() => (hint.hidden = true), HINT_MS);
});
// As in other viewers; noVNC need not know.
window.addEventListener(
  'keydown',
  ({ ctrlKey, altKey }) => {
    if (ctrlKey && altKey && document.pointerLockElement !== null) document.exitPointerLock();
  },
  true,
);
for (const input of ['keydown', 'pointerdown'])
  window.addEventListener(input, ({ isTrusted }) => isTrusted && (lastInput = performance.now()), true);
window.addEventListener('focus', () => rfb?.focus());
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  // Only the page around this one, which VS Code serves from the same origin, has anything to say.
  if (event.origin !== window.origin) return;
  const message = toDisplay(event.data);
  switch (message?.type) {
    case 'open':
      open();
      break;
    case 'data':
      receive(message.bytes);
      break;
    case 'closed':
      showNotice(message.text, message.button);
      break;
    case 'settings':
      ({ scale, viewOnly } = message);
      settle();
      break;
    case 'remember':
      vscode.setState({ host: message.host, uuid: message.uuid });
      break;
    case 'keys':
      press(message.keys);
      break;
    case 'paste':
      rfb?.clipboardPasteFrom(message.text);
      break;
    case undefined:
      break;
  }
});
vscode.postMessage({ type: 'ready' });
