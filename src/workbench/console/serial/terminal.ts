import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { displayName, quoted } from '../../ui/names.ts';
import type { Presenter } from '../../ui/presenter.ts';
import type { History } from './history.ts';
import { ConsoleLog } from './log.ts';
import { noticeText } from './notices.ts';
import { Pump, replayed } from './pump.ts';
import { type Notice, SerialSession, type SessionOptions, type SessionOwner } from './session.ts';
import { warn } from '../../ui/notices.ts';

/** Undoes what the guest did to the terminal: main screen, usual modes and colours, no link, the cursor where it is. */
const CALM =
  '\u001B[?1047l\u001B[!p\u001B[?1000;1002;1003;1006;2004l\u001B]104\u0007\u001B]110\u0007\u001B]111\u0007\u001B]112\u0007\u001B]8;;\u0007\u001B[0m';
const DIM = '\u001B[2m';
const PLAIN = '\u001B[0m';

export interface TerminalOptions extends SessionOptions {
  /** How the port is called. */
  readonly portName: string;
  readonly history: History | undefined;
  readonly presenter: Presenter;
  /** Waits for somebody to look before it connects to anything. */
  readonly lazy: boolean;
  /** Its log could not be written any more. */
  readonly onLogEnded: () => void;
}

/** A domain's console as a terminal of VS Code. */
export class ConsoleTerminal implements vscode.Pseudoterminal, SessionOwner {
  readonly onDidWrite: vscode.Event<string>;
  readonly onDidChangeName: vscode.Event<string>;
  /** Settles when it is attached, or has said what it waits for. */
  readonly ready: Promise<void>;
  readonly session: SerialSession;
  readonly #options: TerminalOptions;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #named = new vscode.EventEmitter<string>();
  readonly #pump: Pump;
  readonly #stopNaming: () => void;
  readonly #encoder = new TextEncoder();
  #begin: () => void = () => undefined;
  #begun = false;
  #name: string;
  #log: ConsoleLog | undefined;
  /** What cannot keep up with the guest: the window that draws, or the disk that a log goes to. */
  readonly #full = new Set<'screen' | 'log'>();

  constructor(options: TerminalOptions) {
    const { target } = options;
    this.#options = options;
    this.onDidWrite = this.#written.event;
    this.onDidChangeName = this.#named.event;
    this.#name = target.name;
    this.session = new SerialSession(options, this);
    this.#pump = new Pump(
      (text) => this.#written.fire(text),
      (full) => this.#setFull('screen', full),
    );
    this.#stopNaming = target.host.onChange(() => this.#followName());
    const begun = new Promise<void>((resolve) => (this.#begin = resolve));
    this.ready = begun.then(() => this.session.start());
  }

  get name(): string {
    return displayName(`${this.#name} · ${this.#options.portName}`);
  }

  get isLogging(): boolean {
    return this.#log !== undefined;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    void this.#open(dimensions !== undefined || !this.#options.lazy);
  }

  /** VS Code also calls it when somebody sees the terminal for the first time. */
  setDimensions(): void {
    this.#start();
  }

  handleInput(text: string): void {
    if (!this.session.attached && text.includes('\r')) this.session.retry();
    else this.session.write(this.#encoder.encode(text));
  }

  close(): void {
    this.#stopNaming();
    this.session.dispose();
    this.#pump.dispose();
    this.stopLogging();
    void this.#options.history?.close();
    this.#written.dispose();
    this.#named.dispose();
  }

  output(bytes: Uint8Array): void {
    this.#options.history?.add(bytes);
    this.#log?.write(bytes);
    this.#pump.write(bytes);
  }

  notice(notice: Notice): void {
    if (notice.kind === 'failed')
      this.#options.presenter.background(`Console of ${this.#name}`, notice.error);
    if (notice.kind !== 'attached') {
      this.#pump.flush();
      this.#written.fire(CALM);
    }
    this.#say(noticeText(notice, this.#name, this.#options.portName));
  }

  async mayTakeOver(): Promise<boolean> {
    const take = t('Take Over');
    const answer = await warn(
      t('Another client uses {0} of {1}. Take it over?', this.#options.portName, quoted(this.#name)),
      { modal: true, detail: t('The other client is disconnected.') },
      take,
    );
    return answer === take;
  }

  /** From now on, what the guest says goes to a file as well, byte by byte. */
  startLogging(path: string, append: boolean): void {
    this.stopLogging();
    const log = new ConsoleLog({
      path,
      append,
      onFull: (full) => this.#setFull('log', full),
      onError: (error) => {
        if (this.#log === log) this.#log = undefined;
        this.#options.onLogEnded();
        void this.#options.presenter.failure(t('Could not write the log of {0}.', quoted(this.#name)), error);
      },
    });
    this.#log = log;
    this.#say(t('Everything from here on is also written to {0}.', path));
  }

  stopLogging(): void {
    if (this.#log === undefined) return;
    void this.#log.close();
    this.#log = undefined;
    this.#say(t('The log ends here.'));
  }

  /** @throws Error when the guest cannot get one. */
  async sendBreak(): Promise<void> {
    await this.session.sendBreak();
    this.#say(t('Sent a break through QEMU’s monitor. libvirt now marks the guest as tainted.'));
  }

  async #open(now: boolean): Promise<void> {
    const kept = await this.#options.history?.read();
    if (kept !== undefined && kept.length > 0) {
      this.#say(t('Earlier output:'));
      this.#written.fire(replayed(kept) + CALM);
    }
    if (now) this.#start();
  }

  #start(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#begin();
  }

  #say(text: string): void {
    this.#written.fire(`\r\n${DIM}── ${displayName(text)}${PLAIN}\r\n`);
  }

  #setFull(who: 'screen' | 'log', full: boolean): void {
    if (full) this.#full.add(who);
    else this.#full.delete(who);
    this.session.setFull(this.#full.size > 0);
  }

  #followName(): void {
    const { record } = this.#options.target;
    if (record === undefined || record.name === this.#name) return;
    this.#name = record.name;
    this.#named.fire(this.name);
  }
}
