import { execa } from 'execa';

interface Virsh {
  /** From writing a command until virsh has done it and is ready for the next. */
  time(command: string): Promise<{ readonly ms: number; readonly lines: number }>;
  close(): Promise<void>;
}

/** An interactive virsh that is connected already and is fed on its standard input. */
export async function openVirsh(uri: string): Promise<Virsh> {
  const child = execa('virsh', ['-q', '-c', uri], { stdin: 'pipe', buffer: false });
  child.stdout.setEncoding('utf8');
  let commands = 0;

  /** What virsh prints until it comes to an `echo` after the command. */
  async function outputOf(command: string): Promise<string> {
    const mark = `done-${++commands}`;
    let output = '';
    const finished = new Promise<void>((resolve, reject) => {
      const read = (text: string) => {
        output += text;
        if (!output.includes(`\n${mark}`)) return;
        child.stdout.off('data', read);
        resolve();
      };
      child.stdout.on('data', read);
      child.catch(reject);
    });
    child.stdin.write(`${command}\necho ${mark}\n`);
    await finished;
    return output;
  }

  // The connection is made before the first prompt.
  await outputOf('uri');
  return {
    async time(command) {
      const started = performance.now();
      const output = await outputOf(command);
      return { ms: performance.now() - started, lines: output.split('\n').length };
    },
    async close() {
      child.stdin.end('quit\n');
      await child;
    },
  };
}
