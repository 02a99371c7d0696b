import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { askDomain } from '../../../model/operations/domain/on-domain.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { MonitorCommand } from '../../../client/libvirt/domain/qemu.ts';
import { explain } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Presenter } from '../../ui/presenter.ts';
import { type MonitorCommands, readCommands } from '../../../engines/gdb/monitor/commands.ts';
import { LineEditor } from '../../../engines/gdb/monitor/line-editor.ts';

const PROMPT = '\u001b[1m(qemu)\u001b[0m ';
const TIMEOUT_MS = 60_000;

/**
 * QEMU's monitor as a terminal: commands for people, completed with Tab, and QMP where a line is JSON. What QEMU
 * answers is shown, never obeyed: control characters in it are made visible.
 */
export class MonitorTerminal implements vscode.Pseudoterminal {
  readonly onDidWrite: vscode.Event<string>;
  readonly onDidClose: vscode.Event<void>;
  readonly #target: DomainTarget;
  readonly #presenter: Presenter;
  readonly #writes = new vscode.EventEmitter<string>();
  readonly #closes = new vscode.EventEmitter<void>();
  readonly #line = new LineEditor();
  #commands: Promise<MonitorCommands> | undefined;
  /** Lines wait for those before them. */
  #turn: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(target: DomainTarget, presenter: Presenter) {
    this.#target = target;
    this.#presenter = presenter;
    this.onDidWrite = this.#writes.event;
    this.onDidClose = this.#closes.event;
  }

  open(): void {
    const name = displayName(this.#target.name);
    const greeting = [
      t('QEMU’s monitor of {0}. Tab completes, “help” explains, a line of JSON is QMP.', name),
      t('libvirt does not notice what you change here, and marks the guest as tainted.'),
    ];
    this.#write(`${greeting.join('\n')}\n\n`);
    this.#draw();
  }

  close(): void {
    this.#writes.dispose();
    this.#closes.dispose();
  }

  handleInput(data: string): void {
    for (const event of this.#line.feed(data)) {
      if (event.kind === 'line') this.#enter(event.text);
      else if (event.kind === 'complete') void this.#complete();
      else if (event.kind === 'end') this.#closes.fire();
      else if (event.kind === 'cancel') {
        this.#write('^C\n');
        this.#draw();
      } else this.#draw();
    }
  }

  #enter(text: string): void {
    this.#write('\n');
    this.#turn = this.#turn.then(async () => {
      this.#busy = true;
      if (text !== '') await this.#run(text);
      this.#busy = false;
      this.#draw();
    });
  }

  async #run(text: string): Promise<void> {
    try {
      this.#write(withEnd(text.startsWith('{') ? await this.#qmp(text) : await this.#hmp(text)));
    } catch (error) {
      this.#presenter.background(`QEMU’s monitor did not take “${text}”`, error);
      this.#write(`\u001b[31m${displayName(explain(error).reason)}\u001b[0m\n`);
    }
  }

  #hmp(command: string): Promise<string> {
    return this.#send(command, MonitorCommand.HMP).then(visible);
  }

  async #qmp(command: string): Promise<string> {
    const answer: unknown = JSON.parse(await this.#send(command, 0));
    return visible(JSON.stringify(answer, undefined, 2));
  }

  async #send(command: string, flags: number): Promise<string> {
    return askDomain(this.#target, ({ connection, ref }) =>
      connection.qemu.monitorCommand(ref, command, flags, { timeoutMs: TIMEOUT_MS }),
    );
  }

  async #complete(): Promise<void> {
    if (this.#busy) return;
    this.#commands ??= this.#readCommands();
    try {
      const before = this.#line.text.slice(0, this.#line.cursor);
      const { add, choices } = (await this.#commands).complete(before);
      this.#line.insert(add);
      if (add === '' && choices.length > 0) this.#write(`\n${choices.join('  ')}\n`);
      this.#draw();
    } catch (error) {
      this.#commands = undefined;
      this.#presenter.background('QEMU’s monitor did not say which commands it has', error);
    }
  }

  async #readCommands(): Promise<MonitorCommands> {
    const [help, info, qmp] = await Promise.all([
      this.#hmp('help'),
      // not for people: QEMU obeys it
      this.#hmp('help info'),
      this.#send('{"execute":"query-commands"}', 0),
    ]);
    const { return: list } = JSON.parse(qmp) as { return?: readonly { name: string }[] };
    return readCommands(help, info, (list ?? []).map(({ name }) => name).toSorted());
  }

  #draw(): void {
    if (this.#busy) return;
    const { text, cursor } = this.#line;
    const back = text.length - cursor;
    this.#write(`\r\u001b[K${PROMPT}${text}${back > 0 ? `\u001b[${back}D` : ''}`);
  }

  #write(text: string): void {
    this.#writes.fire(text.replaceAll('\n', '\r\n'));
  }
}

/** Nothing that QEMU says may move the cursor or hide anything. */
function visible(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => displayName(line.replaceAll('\t', '    ')))
    .join('\n');
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
