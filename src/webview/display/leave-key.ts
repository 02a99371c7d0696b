// not for people: what stands in a setting
const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const;
type Modifier = (typeof MODIFIERS)[number];

/** The keys with which a person takes the keyboard back from a guest. */
export interface LeaveKey {
  readonly modifiers: readonly Modifier[];
  /** As in `KeyboardEvent.code`; empty when the modifiers alone are pressed and let go. */
  readonly code: string;
}

/** As much of a `KeyboardEvent` as tells which keys are down. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** As other viewers have it. */
export const USUAL_LEAVE_KEY = 'Ctrl+Alt';

/** What may follow the modifiers, by what is written on the key. */
const NAMED =
  /^(?:F(?:[1-9]|1[0-2])|Escape|Pause|ScrollLock|Insert|Delete|Home|End|PageUp|PageDown|Tab|Space|Enter)$/u;

/**
 * `Ctrl+Alt`, `Ctrl+Alt+G`, `Shift+F12`, `Pause`: keys as people write them; undefined when it is no such thing. One
 * modifier alone is none: guests need each of them.
 */
export function parseLeaveKey(text: string): LeaveKey | undefined {
  const parts = text.split('+').map((part) => part.trim());
  const last = parts.at(-1) ?? '';
  const code = isModifier(last) ? '' : codeOf(last);
  const names = code === '' ? parts : parts.slice(0, -1);
  if (code === undefined || !names.every(isModifier) || new Set(names).size !== names.length)
    return undefined;
  const isEnough =
    code === '' ? names.length > 1 : names.length > 0 || /^F\d|^Pause$|^ScrollLock$/u.test(code);
  return isEnough ? { modifiers: MODIFIERS.filter((each) => names.includes(each)), code } : undefined;
}

export function isLeaveKey(value: unknown): value is LeaveKey {
  if (typeof value !== 'object' || value === null) return false;
  const { modifiers, code } = value as Partial<Record<string, unknown>>;
  return typeof code === 'string' && Array.isArray(modifiers) && modifiers.every(isModifier);
}

function isModifier(value: unknown): value is Modifier {
  return (MODIFIERS as readonly unknown[]).includes(value);
}

function codeOf(name: string): string | undefined {
  if (/^[A-Z]$/u.test(name)) return `Key${name}`;
  if (/^\d$/u.test(name)) return `Digit${name}`;
  return NAMED.test(name) ? name : undefined;
}

// not for people: what stands in a setting
const MODIFIER_OF: Readonly<Record<string, Modifier>> = {
  Control: 'Ctrl',
  Alt: 'Alt',
  Shift: 'Shift',
  Meta: 'Meta',
};

/** Tells when the keys are pressed that take the keyboard back, from all keys that are pressed and let go. */
export class LeaveKeyWatch {
  readonly #key: LeaveKey;
  readonly #held = new Set<string>();
  readonly #seen = new Set<Modifier>();
  /** Nothing but modifiers was pressed since no key was down. */
  #onlyModifiers = true;

  constructor(key: LeaveKey) {
    this.#key = key;
  }

  /** A key goes down. Whether it completes the combination: the guest must not get it then. */
  down(event: KeyPress): boolean {
    const { code, modifiers } = this.#key;
    this.#held.add(event.code);
    // AltGr is none of them, though some systems say Ctrl before it.
    const modifier = MODIFIER_OF[event.key];
    if (modifier === undefined) this.#onlyModifiers = false;
    else this.#seen.add(modifier);
    return code !== '' && event.code === code && isSame(pressedWith(event), modifiers);
  }

  /** A key goes up. Whether modifiers alone are complete: the guest has seen them come, and sees them go. */
  up(event: KeyPress): boolean {
    this.#held.delete(event.code);
    if (this.#held.size > 0) return false;
    const isLeaving =
      this.#key.code === '' && this.#onlyModifiers && isSame([...this.#seen], this.#key.modifiers);
    this.reset();
    return isLeaving;
  }

  /** What happens to the keys that are down is not seen any more. */
  reset(): void {
    this.#held.clear();
    this.#seen.clear();
    this.#onlyModifiers = true;
  }
}

function pressedWith({ ctrlKey, altKey, shiftKey, metaKey }: KeyPress): readonly Modifier[] {
  const are = { Ctrl: ctrlKey, Alt: altKey, Shift: shiftKey, Meta: metaKey };
  return MODIFIERS.filter((each) => are[each]);
}

function isSame(some: readonly Modifier[], others: readonly Modifier[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}
