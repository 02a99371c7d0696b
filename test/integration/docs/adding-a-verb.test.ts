import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { useRecipe } from './recipe.ts';

/** Has a guest woken up that does not sleep, and one that is not there, and says how both go. */
const TRY = `
import { Host } from './src/model/inventory/host.ts';
import { DomainTarget } from './src/model/inventory/domain-target.ts';
import { isPossible } from './src/model/inventory/kinds/domain-actions.ts';
import { wakeUpDomain } from './src/model/operations/domain/wake-up.ts';

const host = new Host({ name: 'host', uri: process.argv[2] ?? '', origin: 'configured' });
await host.connect();
const [record] = host.domains.values();
const why = (uuid) => wakeUpDomain(new DomainTarget(host, uuid), {}).catch(({ name }) => name);
console.log(
  JSON.stringify([
    isPossible('wakeUp', record),
    isPossible('wakeUp', { ...record, state: 'suspended' }),
    await why(record.uuid),
    await why('00000000-0000-0000-0000-000000000001'),
  ]),
);
host.disconnect();
`;

suite('A verb that is added as the page says', () => {
  const bench = useRecipe('adding-a-verb.md');

  test('compiles and is laid out as everything else', async () => {
    await bench.recipe.compile();
    await bench.recipe.checkFormat();
  });

  test('is in the manifest once that was generated', async () => {
    await assert.rejects(bench.recipe.script('manifest.ts', '--check'), /package\.json/u);
    await bench.recipe.script('manifest.ts');
    await bench.recipe.script('manifest.ts', '--check');
  });

  test('is carried out by a real daemon, and says when the domain is gone', async () => {
    await bench.daemon.defineTinyOs('guest');
    const outcome = JSON.parse(await bench.recipe.run(TRY, [bench.daemon.uri])) as unknown;
    assert.deepEqual(outcome, [false, true, 'RemoteError', 'GoneError']);
  });
});
