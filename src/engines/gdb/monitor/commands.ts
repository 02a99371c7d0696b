/** What QEMU's monitor knows, out of its own `help` and `info`: names of commands with what they take. */
export interface MonitorCommands {
  /** A completion of the last word of the line: what is to be added, and the choices where there are several. */
  complete(line: string): { readonly add: string; readonly choices: readonly string[] };
}

/** What is inserted for a person is sent as it stands: nothing else is a name, whatever a QEMU calls it. */
const QMP_NAME = /^[\w.-]+$/;

/** @param help the answers to `help` and `help info`; lines such as `info version  -- show the version` */
export function readCommands(help: string, infoHelp: string, qmp: readonly string[]): MonitorCommands {
  const commands = names(help);
  const qmpCommands = qmp.filter((name) => QMP_NAME.test(name));
  const topics = names(infoHelp).filter((name) => name !== 'info');
  return {
    complete: (line) => {
      const [, before = '', word = ''] = /^(.*?)([^\s"]*)$/s.exec(line) ?? [];
      const candidates = /"execute"\s*:\s*"$/.test(before)
        ? qmpCommands
        : before.trim() === ''
          ? commands
          : /^\s*info\s+$/.test(before)
            ? topics
            : /^\s*help\s+$/.test(before)
              ? commands
              : [];
      const choices = candidates.filter((each) => each.startsWith(word));
      const common = commonStart(choices);
      const whole = choices.length === 1 ? `${common}${before.endsWith('"') ? '"' : ' '}` : common;
      return { add: whole.slice(word.length), choices: choices.length > 1 ? choices : [] };
    },
  };
}

/** `block_set_io_throttle device bps …`, `cont|c -- resume`, `info kvm -- show KVM information`. */
function names(help: string): readonly string[] {
  const found = help.split('\n').flatMap((line) => {
    const start = /^\s*(?:info\s+)?([a-z_][\w|-]*)/i.exec(line)?.[1] ?? '';
    return start.split('|').filter((name) => name.length > 1);
  });
  return [...new Set(found)].toSorted();
}

function commonStart(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
