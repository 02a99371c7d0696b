import type { Commands } from './command.ts';
import { onConsole, onDisplay } from './places.ts';

/** Serial consoles, in the terminal in front. */
export const consoleCommands = {
  'kvm.console.sendBreak': { title: 'Send Break to Guest', ...onConsole('9_kvm@1', 'kvm.consoleActive') },
  'kvm.console.startLog': {
    title: 'Log Console to File…',
    icon: 'output',
    ...onConsole('9_kvm@2', 'kvm.consoleActive == open'),
  },
  'kvm.console.stopLog': {
    title: 'Stop Logging Console',
    ...onConsole('9_kvm@2', 'kvm.consoleActive == logging'),
  },
} satisfies Commands;

const TAKES_INPUT = '!kvm.display.viewOnly';

/** Displays, in the tab in front. */
export const displayCommands = {
  'kvm.display.sendKeys': { title: 'Send Keys to Guest…', icon: 'keyboard', ...onDisplay('navigation@1') },
  'kvm.display.paste': {
    title: 'Send Clipboard to Guest',
    icon: 'clippy',
    ...onDisplay('navigation@2', TAKES_INPUT),
  },
  'kvm.display.fit': {
    title: 'Fit Display to Tab',
    icon: 'screen-normal',
    ...onDisplay('navigation@3', 'kvm.display.scale == actual'),
  },
  'kvm.display.actualSize': {
    title: 'Actual Size',
    icon: 'symbol-ruler',
    ...onDisplay('navigation@3', 'kvm.display.scale != actual'),
  },
  'kvm.display.lookOnly': { title: 'View Only', icon: 'eye', ...onDisplay('navigation@4', TAKES_INPUT) },
  'kvm.display.allowInput': {
    title: 'Use Keyboard and Mouse',
    icon: 'lock',
    ...onDisplay('navigation@4', 'kvm.display.viewOnly'),
  },
  'kvm.display.screenshot': {
    title: 'Take Screenshot of Display…',
    icon: 'device-camera',
    ...onDisplay('navigation@5'),
  },
  'kvm.display.typeText': { title: 'Type Clipboard into Guest', ...onDisplay('1_kvm@1', TAKES_INPUT) },
  'kvm.display.fullScreen': { title: 'Full Screen', ...onDisplay('1_kvm@2') },
  'kvm.display.another': { title: 'Open Display in Another Tab', ...onDisplay('1_kvm@3') },
} satisfies Commands;
