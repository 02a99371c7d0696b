import { PostedChannel } from './channel.ts';
import { GuestRfb } from './guest-rfb.ts';
import { ClipboardGate } from './clipboard.ts';
import { Keyboard } from './keyboard.ts';
import {
  type Button,
  type Complaint,
  type FromDisplay,
  type KeyStroke,
  type Scale,
  type ToDisplay,
  toDisplay,
} from './messages.ts';

type Message<Type> = Extract<ToDisplay, { type: Type }>;

declare function acquireVsCodeApi(): {
  postMessage(message: FromDisplay): void;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const screen = element('screen');
const last = element('last');
const notice = element('notice');
const noticeText = element('notice-text');
const noticeButtons = element('notice-buttons');
const still = element('still');
const stillText = element('still-text');
const stillButtons = element('still-buttons');
const heard = element('heard');
const keyboard = new Keyboard(
  {
    screen,
    hint: element('hint'),
    help: element('help'),
    outside: element('outside'),
    outsideText: element('outside-text'),
    back: element('back'),
  },
  () => rfb?.focus(),
  say,
);
const clipboard = new ClipboardGate((filling) => vscode.postMessage({ type: 'clipboard', ...filling }));

/** So long, as browsers do it, a key or button that was pressed counts as a wish to copy. */
const INPUT_MS = 5_000;

let lastInput = -INPUT_MS;
let rfb: GuestRfb | undefined;
let channel: PostedChannel | undefined;
let scale: Scale = 'fit';
let viewOnly = false;
let frames = 0;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`The page has no #${id}`);
  return found;
}

/** For those who do not see the page. */
function say(text: string): void {
  heard.textContent = text;
}

function open(): void {
  close();
  notice.hidden = true;
  last.hidden = true;
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
  keyboard.name();
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
  keyboard.settle(!viewOnly);
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

function showNotice({ text, buttons, keepsLast }: Omit<Message<'closed'>, 'type'>): void {
  const hadKeyboard = document.activeElement !== document.body;
  if (keepsLast) keepLast();
  else last.hidden = true;
  close();
  keyboard.end();
  showStill('', []);
  noticeText.textContent = text;
  showButtons(noticeButtons, buttons);
  notice.hidden = false;
  say(text);
  // Whoever typed into the guest goes on at what can be done about it.
  if (hadKeyboard) noticeButtons.querySelector('button')?.focus();
}

/** The last picture of a guest stays behind what is said of it. */
function keepLast(): void {
  const canvas = frames === 0 ? null : screen.querySelector('canvas');
  if (canvas === null) return;
  last.setAttribute('src', canvas.toDataURL());
  last.hidden = false;
}

function showStill(text: string, buttons: readonly Button[]): void {
  stillText.textContent = text;
  showButtons(stillButtons, buttons);
  still.hidden = text === '';
  say(text);
  document.body.classList.toggle('is-still', text !== '');
}

function showButtons(place: HTMLElement, buttons: readonly Button[]): void {
  place.replaceChildren(
    ...buttons.map(({ action, label }) => {
      const button = document.createElement('button');
      button.textContent = label;
      button.addEventListener('click', () => vscode.postMessage({ type: 'action', action }));
      return button;
    }),
  );
}

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
      showNotice(message);
      break;
    case 'still':
      showStill(message.text, message.buttons);
      break;
    case 'keyboard':
      keyboard.speak(message.key, message.words);
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
