import { type LeaveKey, LeaveKeyWatch, parseLeaveKey, USUAL_LEAVE_KEY } from './leave-key.ts';
import type { KeyboardWords } from './messages.ts';

/** How long it is shown how to take the keyboard back. */
const HINT_MS = 4_000;

interface Parts {
  /** Where the guest has the keyboard. */
  readonly screen: HTMLElement;
  /** Says for a while how to take it back. */
  readonly hint: HTMLElement;
  /** The same for those who hear it. */
  readonly help: HTMLElement;
  /** What is there while the guest does not have it. */
  readonly outside: HTMLElement;
  readonly outsideText: HTMLElement;
  readonly back: HTMLElement;
}

/** Gives the keyboard and the mouse to a guest, and takes them back when a person presses the keys for that. */
export class Keyboard {
  readonly #parts: Parts;
  readonly #say: (text: string) => void;
  #watch = new LeaveKeyWatch(parseLeaveKey(USUAL_LEAVE_KEY) ?? { modifiers: [], code: '' });
  #words: KeyboardWords | undefined;
  #timer = 0;
  #isTyping = true;

  /**
   * @param give has the guest get what is typed
   * @param say tells it to those who do not see it
   */
  constructor(parts: Parts, give: () => void, say: (text: string) => void) {
    this.#parts = parts;
    this.#say = say;
    const { screen, back } = parts;
    back.addEventListener('click', () => give());
    screen.addEventListener('focusin', () => this.#given());
    document.addEventListener('pointerlockchange', () => {
      if (document.pointerLockElement !== null) this.#showHint();
    });
    // Before noVNC, which keeps all keys for the guest.
    window.addEventListener('keydown', (event) => this.#down(event), true);
    window.addEventListener('keyup', (event) => this.#up(event), true);
    window.addEventListener('blur', () => this.#watch.reset());
  }

  /** @param isTyping whether the guest gets keys at all */
  settle(isTyping: boolean): void {
    this.#isTyping = isTyping;
  }

  speak(key: LeaveKey, words: KeyboardWords): void {
    const { hint, help, outsideText, back } = this.#parts;
    this.#watch = new LeaveKeyWatch(key);
    this.#words = words;
    hint.textContent = words.leave;
    help.textContent = words.leave;
    outsideText.textContent = words.left;
    back.textContent = words.back;
    this.name();
  }

  /** Tells those who hear it what the picture is. A new client makes a new one. */
  name(): void {
    const canvas = this.#parts.screen.querySelector('canvas');
    if (canvas === null) return;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', this.#words?.screen ?? '');
    canvas.setAttribute('aria-describedby', this.#parts.help.id);
  }

  /** There is no guest to give it to any more. */
  end(): void {
    this.#parts.outside.hidden = true;
    this.#hideHint();
  }

  get #hasGuest(): boolean {
    return this.#isTyping && this.#parts.screen.contains(document.activeElement);
  }

  #given(): void {
    this.#parts.outside.hidden = true;
    this.#watch.reset();
    if (this.#isTyping) this.#showHint();
  }

  #down(event: KeyboardEvent): void {
    if (!this.#hasGuest || !this.#watch.down(event)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#leave();
  }

  #up(event: KeyboardEvent): void {
    if (!this.#hasGuest || !this.#watch.up(event)) return;
    // The guest sees the last key go first.
    setTimeout(() => this.#leave());
  }

  #leave(): void {
    const { outside, back } = this.#parts;
    if (document.pointerLockElement !== null) document.exitPointerLock();
    // noVNC lets go of all keys then.
    window.dispatchEvent(new Event('blur'));
    this.#hideHint();
    outside.hidden = false;
    back.focus();
    this.#say(this.#words?.left ?? '');
  }

  #showHint(): void {
    window.clearTimeout(this.#timer);
    this.#parts.hint.hidden = false;
    this.#timer = window.setTimeout(() => this.#hideHint(), HINT_MS);
  }

  #hideHint(): void {
    window.clearTimeout(this.#timer);
    this.#parts.hint.hidden = true;
  }
}
