import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../../../src/model/files/lock.ts';

// Adds to a number in a file, so often; or with a word more, takes the lock and keeps it.
const [lock = '', file = '', times = '', keep] = process.argv.slice(2);
for (let n = 0; n < Number(times); n += 1)
  await withLock(lock, async () => {
    const before = Number(await readFile(file, 'utf8'));
    if (keep !== undefined) {
      process.stdout.write('held\n');
      await sleep(60_000);
    }
    await sleep(1);
    await writeFile(file, String(before + 1));
  });
