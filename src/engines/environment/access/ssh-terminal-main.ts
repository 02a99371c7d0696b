/**
 * ssh in a terminal: a program of its own with the arguments of ssh. ssh has the terminal's keys and size; what comes
 * from the guest goes to the terminal without the escape sequences that do more than show something.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { EscapeFilter, forTerminal } from '../../../model/text/escape-filter.ts';

/** As text of a terminal, whatever comes from there. */
async function* cleaned(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const filter = new EscapeFilter(forTerminal);
  for await (const bytes of input) {
    const shown = filter.push(decoder.decode(bytes, { stream: true }));
    if (shown !== '') yield shown;
  }
}

// VS Code's own program runs this as Node does.
const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
const ssh = spawn('ssh', process.argv.slice(2), { stdio: ['inherit', 'pipe', 'pipe'], env });
// Ctrl+C is for ssh, which is in the foreground as well.
process.on('SIGINT', () => undefined);
const ended = once(ssh, 'close');
const streams = [
  pipeline(ssh.stdout, cleaned, process.stdout, { end: false }),
  pipeline(ssh.stderr, cleaned, process.stderr, { end: false }),
];
try {
  await Promise.all(streams);
  const [code] = (await ended) as [number | null];
  process.exitCode = code ?? 1;
} catch (error) {
  // not for people who read other languages: as ssh says things itself
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 255;
}
