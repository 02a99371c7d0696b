import { ExecaError } from 'execa';
import { CannotRunError } from './cannot-run.ts';
import { SetupError } from './system-packages.ts';

/** Runs a script's main function and ends the process; what a person can act on is shown without a stack. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = 1;
    const plain =
      error instanceof SetupError || error instanceof CannotRunError || error instanceof ExecaError;
    console.error(plain ? error.message : error);
  }
}
