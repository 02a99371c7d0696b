import { t } from '@vscode/l10n';
import { OutputEvent, ProgressEndEvent, ProgressStartEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** Says that gdb reads symbols, where whoever waits would wonder. */
export class ReadingNotice {
  readonly #send: (event: DebugProtocol.Event) => void;
  #count = 0;
  /** Whether the editor shows how work goes on; otherwise the console says it. */
  progress = false;

  constructor(send: (event: DebugProtocol.Event) => void) {
    this.#send = send;
  }

  tell(reading: boolean): void {
    if (reading) this.#count++;
    const id = `reading-${this.#count}`;
    if (!this.progress) {
      if (reading) this.#send(new OutputEvent(`${sentence()}\n`, 'console'));
    } else if (reading) this.#send(new ProgressStartEvent(id, sentence()));
    else this.#send(new ProgressEndEvent(id));
  }
}

function sentence(): string {
  return t('gdb reads symbols…');
}
