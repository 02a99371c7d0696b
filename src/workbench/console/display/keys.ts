import { t } from '@vscode/l10n';
import type { KeyStroke } from '../../../webview/display/messages.ts';

/** A combination of keys that people send to a guest. */
export interface Chord {
  readonly label: () => string;
  readonly keys: readonly KeyStroke[];
}

/** Keys that write no character. */
// not for people: the names are those of `KeyboardEvent.code`
export const KEY = {
  shift: { keysym: 0xff_e1, code: 'ShiftLeft' },
  control: { keysym: 0xff_e3, code: 'ControlLeft' },
  alt: { keysym: 0xff_e9, code: 'AltLeft' },
  super: { keysym: 0xff_eb, code: 'MetaLeft' },
  backspace: { keysym: 0xff_08, code: 'Backspace' },
  tab: { keysym: 0xff_09, code: 'Tab' },
  return: { keysym: 0xff_0d, code: 'Enter' },
  escape: { keysym: 0xff_1b, code: 'Escape' },
  printScreen: { keysym: 0xff_61, code: 'PrintScreen' },
  delete: { keysym: 0xff_ff, code: 'Delete' },
} as const satisfies Readonly<Record<string, KeyStroke>>;

const F1_KEYSYM = 0xff_be;

function functionKey(number: number): KeyStroke {
  return { keysym: F1_KEYSYM + number - 1, code: `F${number}` };
}

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);

/** What VS Code, the browser or the desktop would keep for themselves. */
export const CHORDS: readonly Chord[] = [
  { label: () => t('Ctrl+Alt+Del'), keys: [KEY.control, KEY.alt, KEY.delete] },
  { label: () => t('Ctrl+Alt+Backspace'), keys: [KEY.control, KEY.alt, KEY.backspace] },
  { label: () => t('Super (Windows)'), keys: [KEY.super] },
  { label: () => t('Super+L'), keys: [KEY.super, { keysym: 0x6c, code: 'KeyL' }] },
  { label: () => t('Alt+Tab'), keys: [KEY.alt, KEY.tab] },
  { label: () => t('Alt+F4'), keys: [KEY.alt, functionKey(4)] },
  { label: () => t('Escape'), keys: [KEY.escape] },
  { label: () => t('Print Screen'), keys: [KEY.printScreen] },
  { label: () => t('Alt+SysRq+B'), keys: [KEY.alt, KEY.printScreen, { keysym: 0x62, code: 'KeyB' }] },
  ...NUMBERS.map((number) => ({
    label: () => t('Ctrl+Alt+F{0}', number),
    keys: [KEY.control, KEY.alt, functionKey(number)],
  })),
  ...NUMBERS.map((number) => ({ label: () => `F${number}`, keys: [functionKey(number)] })),
];
