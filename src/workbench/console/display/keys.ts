import type { KeyStroke } from '../../../webview/display/messages.ts';

export interface Chord {
  readonly label: string;
  readonly keys: readonly KeyStroke[];
}

const CONTROL: KeyStroke = { keysym: 0xff_e3, code: 'ControlLeft' };
const ALT: KeyStroke = { keysym: 0xff_e9, code: 'AltLeft' };
const SUPER: KeyStroke = { keysym: 0xff_eb, code: 'MetaLeft' };
const F1_KEYSYM = 0xff_be;

function functionKey(number: number): KeyStroke {
  return { keysym: F1_KEYSYM + number - 1, code: `F${number}` };
}

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);

/** What VS Code, the browser or the desktop would keep for themselves. */
export const CHORDS: readonly Chord[] = [
  { label: 'Ctrl+Alt+Del', keys: [CONTROL, ALT, { keysym: 0xff_ff, code: 'Delete' }] },
  { label: 'Ctrl+Alt+Backspace', keys: [CONTROL, ALT, { keysym: 0xff_08, code: 'Backspace' }] },
  { label: 'Super (Windows)', keys: [SUPER] },
  { label: 'Super+L', keys: [SUPER, { keysym: 0x6c, code: 'KeyL' }] },
  { label: 'Alt+Tab', keys: [ALT, { keysym: 0xff_09, code: 'Tab' }] },
  { label: 'Alt+F4', keys: [ALT, functionKey(4)] },
  { label: 'Escape', keys: [{ keysym: 0xff_1b, code: 'Escape' }] },
  { label: 'Print Screen', keys: [{ keysym: 0xff_61, code: 'PrintScreen' }] },
  {
    label: 'Alt+SysRq+B',
    keys: [ALT, { keysym: 0xff_61, code: 'PrintScreen' }, { keysym: 0x62, code: 'KeyB' }],
  },
  ...NUMBERS.map((number) => ({
    label: `Ctrl+Alt+F${number}`,
    keys: [CONTROL, ALT, functionKey(number)],
  })),
  ...NUMBERS.map((number) => ({ label: `F${number}`, keys: [functionKey(number)] })),
];
