import { run } from 'node:test';
import { inspect, stripVTControlCharacters } from 'node:util';
import { relative } from 'node:path';
import type { TestEvent } from '../../test/support/test-event.ts';
import { root } from './paths.ts';

const fileTimeoutMs = 5 * 60_000;

interface Finished {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: Error | undefined };
}

function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

function nameOf({ name, file }: Finished): string {
  return file === undefined ? name : `${relative(root, file)}: ${name}`;
}

function describeError(error: Error | undefined): string {
  const cause: unknown = error?.cause ?? error;
  // Its own fields only repeat what the stack says, at length.
  return stripVTControlCharacters(cause instanceof Error && cause.stack ? cause.stack : inspect(cause));
}

/** A suite is no test, and fails by its tests; only when its own hooks do is that one more failure. */
function failedByItsTests(error: Error | undefined): boolean {
  return error !== undefined && 'failureType' in error && error.failureType === 'subtestsFailed';
}

/** Runs a test file in a process of its own, and reports every test in it as it ends. */
export async function runNodeTests(testFile: string, report: (event: TestEvent) => void): Promise<void> {
  let printed = '';
  for await (const { type, data } of run({ files: [testFile], timeout: fileTimeoutMs })) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed += data.message;
    } else if (type === 'test:pass') {
      // A suite is no test, unless it stands for all of its own that are left out.
      if (data.details.type === 'suite' && !isSet(data.skip)) continue;
      report({
        name: nameOf(data),
        outcome: isSet(data.skip) || isSet(data.todo) ? 'skipped' : 'passed',
      });
    } else if (type === 'test:fail') {
      if (failedByItsTests(data.details.error)) continue;
      report({
        name: nameOf(data),
        outcome: 'failed',
        detail: describeError(data.details.error) + (printed && `\nThe file printed:\n${printed}`),
      });
    }
  }
}
